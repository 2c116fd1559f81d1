"""The database of the run: whose it is, its migrations, and what the models say."""

import asyncio

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.database import Base
from app.problems import REASONS
from tests.conftest import ALEMBIC, begin_anew


async def test_the_migrations_make_what_the_models_say(engine: AsyncEngine) -> None:
    """`alembic check` raises when a revision is missing."""
    await asyncio.to_thread(command.check, Config(ALEMBIC))


CONSTRAINTS = [each for table in Base.metadata.tables.values() for each in table.constraints]


async def test_every_constraint_of_the_models_is_stored(connection: AsyncConnection) -> None:
    """`alembic check` does not look at a CHECK of a table that is there."""
    stored = set(await connection.scalars(text("SELECT conname FROM pg_constraint")))
    assert [each.name for each in CONSTRAINTS if each.name not in stored] == []


def test_what_a_request_can_break_has_a_sentence() -> None:
    """Every unique and every foreign key; without one, a client's mistake would be our 500."""
    keys = UniqueConstraint, ForeignKeyConstraint
    can_break = [each for each in CONSTRAINTS if isinstance(each, keys)]
    assert [each.name for each in can_break if each.name not in REASONS] == []


async def test_tables_that_no_test_has_made_are_left_alone(connection: AsyncConnection) -> None:
    """Whoever has made them did not say that tests may delete their rows."""
    await connection.execute(text("COMMENT ON SCHEMA public IS NULL"))
    with pytest.raises(pytest.exit.Exception, match="Tests delete all rows"):
        await begin_anew(connection)
