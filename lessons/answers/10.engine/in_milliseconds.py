# wrong: your pool waits 300 seconds: in which unit is `pool_timeout`?
from sqlalchemy.ext.asyncio import create_async_engine

from app.settings import settings

LIMITS = {
    "statement_timeout": "3s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    hide_parameters=True,
    pool_recycle=180,
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_timeout=settings.pool_timeout * 1000,
    connect_args={"server_settings": LIMITS},
)
