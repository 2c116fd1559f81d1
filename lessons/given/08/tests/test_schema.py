"""The database of the run: whose it is, its migrations, and what the models say."""

import asyncio

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tests.conftest import ALEMBIC, begin_anew


async def test_the_migrations_make_what_the_models_say(engine: AsyncEngine) -> None:
    """`alembic check` raises when a revision is missing."""
    await asyncio.to_thread(command.check, Config(ALEMBIC))


async def test_tables_that_no_test_has_made_are_left_alone(connection: AsyncConnection) -> None:
    """Whoever has made them did not say that tests may delete their rows."""
    await connection.execute(text("COMMENT ON SCHEMA public IS NULL"))
    with pytest.raises(RuntimeError, match="Tests delete all rows"):
        await begin_anew(connection)
