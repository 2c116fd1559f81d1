"""Settings come from the environment; nothing secret stands in the code."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """What the app must be told before it can start."""

    database_url: SecretStr
    log_level: str = "INFO"


settings = Settings()
