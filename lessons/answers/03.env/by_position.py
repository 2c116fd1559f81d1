# right: `configure` takes the connection by position, too; a name says more to whoever reads it
"""How Alembic reaches the database of Nightwatch."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import app.models  # noqa: F401 - importing it fills Base.metadata
from app.database import Base
from app.settings import settings


def run(connection: Connection) -> None:
    """Compare or migrate on this connection, in one transaction."""
    context.configure(connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def migrate() -> None:
    """Lend a connection to Alembic, which is synchronous."""
    url = settings.database_url.get_secret_value()
    engine = create_async_engine(url, poolclass=NullPool)
    connection = await engine.connect()
    try:
        await connection.run_sync(run)
    finally:
        await connection.close()


asyncio.run(migrate())
