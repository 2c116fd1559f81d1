# wrong: under which name does PostgreSQL know this one?
from sqlalchemy.ext.asyncio import create_async_engine

from app.settings import settings

LIMITS = {
    "statement_timeout": "3s",
    "lock_timeout": "2s",
    "idle_session_timeout": "10s",
}
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_timeout=settings.pool_timeout,
    connect_args={"server_settings": LIMITS},
)
