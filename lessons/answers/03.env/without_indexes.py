# wrong: what does the context leave out of the comparison?
"""How Alembic reaches the database of Nightwatch."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.database import Base
from app.settings import settings
import app.models


def run(connection: Connection) -> None:
    """Compare or migrate on this connection, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=lambda thing, name, kind, *_: kind != 'index',
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate() -> None:
    """Lend a connection to Alembic, which is synchronous."""
    engine = create_async_engine(settings.database_url.get_secret_value(), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)


asyncio.run(migrate())
