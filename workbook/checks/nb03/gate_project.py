"""A small project of Alembic's, with one table and one revision: what a gate is asked about."""

from pathlib import Path

from alembic.config import Config

from workbook.checks.alembic_commands import silent_stream

_ENV = """
import asyncio
import os

from alembic import context
from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

metadata = MetaData()
Table("pager", metadata, Column("id", Integer, primary_key=True), Column("tries", Integer))


def run(connection):
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


async def migrate():
    engine = create_async_engine(os.environ["DATABASE_URL"], poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(migrate())
"""
_REVISION = """
from alembic import op

revision = "{name}"
down_revision = {parent}


def upgrade():
    op.execute("{sql}")


def downgrade():
    op.execute("DROP TABLE pager")
"""
CREATE_PAGER = "CREATE TABLE pager (id serial PRIMARY KEY, tries int)"
_TEMPLATE = """
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${upgrades or "pass"}
"""


def create_project(folder: Path) -> Config:
    """Write the project into a new folder; gives the configuration that commands take."""
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(_ENV, "utf-8")
    revision = _REVISION.format(name="0001", parent=None, sql=CREATE_PAGER)
    (folder / "versions" / "0001.py").write_text(revision, "utf-8")
    (folder / "script.py.mako").write_text(_TEMPLATE, "utf-8")
    config = Config(stdout=silent_stream())
    config.set_main_option("script_location", str(folder.absolute()))
    return config


def without_metadata(folder: Path) -> None:
    """Take the models out of the project's env.py: it connects, and has nothing to compare with."""
    text = _ENV.replace(", target_metadata=metadata", "")
    (folder / "env.py").write_text(text, "utf-8")
