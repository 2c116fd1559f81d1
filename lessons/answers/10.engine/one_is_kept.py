# wrong: what becomes of a connection of the overflow, when it comes back?
from sqlalchemy.ext.asyncio import create_async_engine

from app.settings import settings

LIMITS = {
    "statement_timeout": "3s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    pool_size=1,
    max_overflow=settings.pool_size - 1,
    pool_timeout=settings.pool_timeout,
    connect_args={"server_settings": LIMITS},
)
