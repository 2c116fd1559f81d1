# wrong: which unit has a number that comes without one?
from sqlalchemy.ext.asyncio import create_async_engine

from app.settings import settings

LIMITS = {
    "statement_timeout": "3",
    "lock_timeout": "2",
    "idle_in_transaction_session_timeout": "10",
}
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_timeout=settings.pool_timeout,
    connect_args={"server_settings": LIMITS},
)
