"""Settings come from the environment; nothing secret stands in the code."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, SecretStr
from pydantic_settings import BaseSettings

Words = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class Settings(BaseSettings):
    """What the app must be told before it can start, and what it may be told."""

    database_url: SecretStr
    log_level: Annotated[Words, BeforeValidator(str.upper)] = "INFO"
    pool_size: int = 5
    """Connections of this process; all processes together must fit into max_connections."""
    pool_timeout: float = 2.0
    """Seconds that a request waits for one of them."""
    patience: float = 5.0
    """Seconds for which a unit of work is tried again while the database is away."""


settings = Settings()
