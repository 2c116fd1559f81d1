"""The migrations, and what the models say."""

import asyncio

from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import ALEMBIC


async def test_the_migrations_make_what_the_models_say(engine: AsyncEngine) -> None:
    """`alembic check` raises when a revision is missing."""
    await asyncio.to_thread(command.check, Config(ALEMBIC))
