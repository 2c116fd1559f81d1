# wrong: which method of an async connection calls a synchronous function?
"""How Alembic reaches the database of Nightwatch."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import app.models  # noqa: F401
from app.database import Base
from app.settings import settings


def run(connection: Connection) -> None:
    """Compare or migrate on this connection, in one transaction."""
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def migrate() -> None:
    """Lend a connection to Alembic, which is synchronous."""
    engine = create_async_engine(settings.database_url.get_secret_value(), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            run(connection.sync_connection)
    finally:
        await engine.dispose()


asyncio.run(migrate())
