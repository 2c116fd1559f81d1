"""How Alembic reaches the database of Nightwatch."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import app.models  # noqa: F401 - unused at first sight: importing it fills Base.metadata
from app.database import Base
from app.settings import settings


def run(connection: Connection) -> None:
    """Compare or migrate on this connection, in one transaction."""
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


# The advisory lock of a migration; a number of this app's own.
TURN = 31415


async def migrate() -> None:
    """Wait for the turn, then lend a connection to Alembic; the turn ends with its connection."""
    patience = {"server_settings": {"lock_timeout": "2s"}}
    engine = create_async_engine(
        settings.database_url.get_secret_value(), poolclass=NullPool, connect_args=patience
    )
    async with engine.connect() as guard:
        await guard.execution_options(isolation_level="AUTOCOMMIT")
        ask = text("SELECT pg_try_advisory_lock(:turn)")
        while not await guard.scalar(ask, {"turn": TURN}):
            await asyncio.sleep(0.1)
        async with engine.connect() as connection:
            await connection.run_sync(run)


asyncio.run(migrate())
