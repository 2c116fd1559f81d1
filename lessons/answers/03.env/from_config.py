# right: the engine is made of a dict, as the template makes it of a section of alembic.ini; `engine.begin()` begins the transaction outside of `run`
"""How Alembic reaches the database."""

import asyncio

from alembic import context
from sqlalchemy.ext.asyncio import async_engine_from_config

from app.models import Incident, Team, User
from app.settings import settings


def run(connection):
    context.configure(connection, target_metadata=Team.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


async def migrate():
    section = {"sqlalchemy.url": settings.database_url.get_secret_value()}
    engine = async_engine_from_config(section, prefix="sqlalchemy.")
    try:
        async with engine.begin() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


asyncio.run(migrate())
