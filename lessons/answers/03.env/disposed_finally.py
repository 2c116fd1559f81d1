# right: the engine keeps its pool, which is closed also where `run` raises
"""How Alembic reaches the database of Nightwatch."""

import asyncio

from alembic import context
from sqlalchemy import Connection
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


async def migrate() -> None:
    """Lend a connection to Alembic, which is synchronous."""
    engine = create_async_engine(settings.database_url.get_secret_value())
    try:
        async with engine.begin() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


asyncio.run(migrate())
