# right: it imports the models as a module, and in place of a new engine it uses the app's own, which it has to dispose of
"""How Alembic reaches the database."""
import asyncio

from alembic import context

from app import models  # noqa: F401 - importing it fills Base.metadata
from app.database import Base, engine


def run(connection):
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def migrate():
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


asyncio.run(migrate())
