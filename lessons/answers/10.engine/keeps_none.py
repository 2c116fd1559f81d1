# wrong: does a pool of that class keep connections, and does it let anybody wait for one?
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.settings import settings

LIMITS = {
    "statement_timeout": "3s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    hide_parameters=True,
    poolclass=NullPool,
    connect_args={"server_settings": LIMITS},
)
