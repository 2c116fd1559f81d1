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


async def test_the_migrations_make_what_the_models_say(owner: AsyncEngine) -> None:
    """`alembic check` raises when a revision is missing."""
    await asyncio.to_thread(command.check, Config(ALEMBIC))


CONSTRAINTS = [each for table in Base.metadata.tables.values() for each in table.constraints]


async def test_every_constraint_of_the_models_is_stored(connection: AsyncConnection) -> None:
    """`alembic check` does not look at a CHECK of a table that is there."""
    stored = set(await connection.scalars(text("SELECT conname FROM pg_constraint")))
    assert [each.name for each in CONSTRAINTS if each.name not in stored] == []


def test_what_a_request_can_break_has_a_sentence() -> None:
    """Every unique and every foreign key; without one, a client's mistake would be our 500.

    What has an id that PostgreSQL gives is unique anyway: other keys refer to it.
    """
    refer = [each for each in CONSTRAINTS if isinstance(each, ForeignKeyConstraint)]
    unique = [each for each in CONSTRAINTS if isinstance(each, UniqueConstraint)]
    can_break = refer + [each for each in unique if "id" not in each.columns]
    assert [each.name for each in can_break if each.name not in REASONS] == []


OWN = "({} = (NULLIF(current_setting('app.team'::text, true), ''::text))::integer)"
WORKER = "(current_setting('app.worker'::text, true) = 'on'::text)"
WANTED = {
    (each, "of_team", "ALL", own := OWN.format("id" if each == "team" else "team_id"), own)
    for each in Base.metadata.tables
} | {("team", "of_worker", "SELECT", WORKER, None)}
POLICIES = """
SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies WHERE permissive = 'PERMISSIVE'
AND roles = '{public}'"""
OPEN = """
SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')
AND relnamespace IN ('public'::regnamespace, 'history'::regnamespace)
AND NOT (relrowsecurity AND relforcerowsecurity)"""


async def test_every_table_has_its_policy_and_no_other(connection: AsyncConnection) -> None:
    """Autogenerate sees no policy, and `alembic check` does not miss one."""
    policies = {tuple(row) for row in await connection.execute(text(POLICIES))}
    assert policies == WANTED
    count = await connection.scalar(text("SELECT count(*) FROM pg_policies"))
    assert count == len(WANTED)
    assert list(await connection.scalars(text(OPEN))) == ["alembic_version"]


async def test_tables_that_no_test_has_made_are_left_alone(owner: AsyncEngine) -> None:
    """Whoever has made them did not say that tests may delete their rows."""
    async with owner.connect() as connection:  # what it changes is undone
        await connection.execute(text("COMMENT ON SCHEMA public IS NULL"))
        with pytest.raises(pytest.exit.Exception, match="Tests delete all rows"):
            await begin_anew(connection)
