"""The files of the app: imported, migrated, set aside, and the rows that belong to its tables."""

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from workbook import material, workspace
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.base.urls import for_sqlalchemy
from workbook.lab import exercises
from workbook.lab.session import Session
from workbook.myapp import standin
from workbook.myapp.app import Origin
from workbook.myapp.modules import import_from
from workbook.postgres import databases
from workbook.seeds import data

if TYPE_CHECKING:
    from alembic.config import Config


async def load(session: Session, module: str) -> ModuleType:
    """Import a module of the app, the learner's or with the reference in parts; say whose it is.

    A module that cannot be imported is replaced by the reference's where there is one.
    """
    await dispose_engine()
    path = module.replace(".", "/") + ".py"
    await exercises.judge_files(session, standin.app(session.number).needed_by(path).files)
    folder = paths.state() / "standin" / session.number
    app = standin.write(session.number, folder)
    if path not in app.files:
        raise Problem(f"There is no myapp/{path}. Run the cell that writes it first.")
    needed = app.needed_by(path)
    try:
        own = needed.origin is Origin.LEARNER
        loaded = import_from(paths.myapp() if own else folder, module)
    except Exception as error:
        if path not in standin.reference(session.number):
            raise
        return _load_reference(session, folder, module, error)
    print(f"{module}: {needed.whose(path)}")
    return loaded


def _load_reference(session: Session, folder: Path, module: str, error: Exception) -> ModuleType:
    standin.write_reference(session.number, folder)
    loaded = import_from(folder, module)
    raised = f"{type(error).__name__}: {error}".splitlines()[0]
    print(f"{module}: the reference version, because importing yours raised {raised}")
    return loaded


async def alembic(session: Session, earlier: bool) -> "Config":
    """Alembic's configuration of the app as it is now, or as earlier notebooks leave it."""
    from workbook.lab import migrating  # Alembic takes a moment; most notebooks do without

    await dispose_engine()
    if earlier:
        return migrating.earlier(session.number)
    await exercises.judge_files(session, migrating.files(session.number))
    return migrating.config(session.number)


def set_aside(number: str, path: str) -> None:
    """Take a file or folder of myapp/ away, and what Alembic has written of it into its copy."""
    if path.startswith("alembic"):
        from workbook.lab import migrating

        migrating.end_copy(number)
    workspace.take_away(path)


async def dispose_engine() -> None:
    """Close the connections of the engine that an earlier `load` brought in."""
    engine = getattr(sys.modules.get("app.database"), "engine", None)
    if engine is not None and hasattr(engine, "dispose"):
        await engine.dispose()


def earlier(number: str, path: str) -> str:
    """The text of this file as the notebooks before this one leave it; Problem if they do not."""
    files = material.files_before(number)
    if path not in files:
        raise Problem(f"No notebook before {number} writes a {path!r}.")
    return files[path]


async def empty_database(session: Session) -> str:
    """Make the second database anew; its URL, for SQLAlchemy."""
    await databases.recreate(session.server, session.empty_database)
    return for_sqlalchemy(session.server.url(session.empty_database))


async def fill(metadata: MetaData, only: tuple[str, ...]) -> None:
    """Put Nightwatch's rows into these tables where they are empty, and say how many."""
    engine = create_async_engine(os.environ["DATABASE_URL"])
    try:
        async with engine.begin() as connection:
            counts = await connection.run_sync(data.fill, metadata, *only)
    finally:
        await engine.dispose()
    print(", ".join(f"{table}: {count} rows" for table, count in counts.items()))
