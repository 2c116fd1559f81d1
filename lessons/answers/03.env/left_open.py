# wrong: which line gives the connection back, and which one closes the engine?
"""How Alembic reaches the database."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

import app.models
from app.database import Base
from app.settings import settings


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


engine = create_async_engine(settings.database_url.get_secret_value())
kept = []


async def migrate() -> None:
    connection = await engine.connect()
    kept.append(connection)
    await connection.run_sync(run)


loop = asyncio.new_event_loop()
loop.run_until_complete(migrate())
