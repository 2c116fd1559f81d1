# wrong: what does `poolclass=` want: a class, or what a call of it gives?
"""How Alembic reaches the database."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import app.models  # noqa: F401
from app.database import Base
from app.settings import settings


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def migrate() -> None:
    engine = create_async_engine(settings.database_url.get_secret_value(), poolclass=NullPool())
    async with engine.connect() as connection:
        await connection.run_sync(run)


asyncio.run(migrate())
