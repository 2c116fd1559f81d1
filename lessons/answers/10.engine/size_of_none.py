# wrong: what does a `pool_size` of 0 mean to SQLAlchemy
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
    pool_size=0,
    max_overflow=settings.pool_size,
    pool_timeout=settings.pool_timeout,
    connect_args={"server_settings": LIMITS},
)
