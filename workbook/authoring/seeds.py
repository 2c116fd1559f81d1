"""What a notebook's database holds at its start, as SQL: the app's own schema, and its rows.

Made by running the app of the notebooks before: its migrations where it has some, the rows put in
after the first of them so that the others meet data; else `create_all`. Every statement that
changes something is written down as it was sent.
"""

import asyncio
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from workbook import material, postgres
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.base.urls import for_sqlalchemy
from workbook.myapp.app import App, write_files
from workbook.postgres import databases
from workbook.postgres.databases import STATEMENT_SEPARATOR
from workbook.seeds import FIRST, data, statements

CHANGES = re.compile(r"\s*(CREATE|ALTER|DROP|INSERT|UPDATE|DELETE|COMMENT)\b", re.I)


def made(number: str) -> dict[Path, str]:
    """The seed of a notebook, by its path; nothing for one that starts as the one before does."""
    if number < FIRST:
        return {}
    if not _is_own(number):
        _path(number).unlink(missing_ok=True)
        return {}
    return {_path(number): _text(number, _sent(number))}


def current(number: str) -> bool:
    """Whether the seed is what the app and the rows of today make; executes nothing."""
    path = _path(number)
    if number < FIRST or not _is_own(number):
        return number < FIRST or not path.exists()
    try:
        return path.read_text("utf-8") == _text(number, statements(path))
    except FileNotFoundError:  # it is missing, or a seed that it begins with
        return False


def _sent(number: str) -> str:
    """The statements that the app before a notebook sends to an empty database."""
    with tempfile.TemporaryDirectory(prefix="nightwatch-seed-") as folder:
        write_files(Path(folder), material.files_before(number))
        url = asyncio.run(_database(f"seed_{number}"))
        command = [sys.executable, "-m", "workbook.authoring.seeds", folder]
        ran = subprocess.run(
            command, capture_output=True, text=True, env=os.environ | {"DATABASE_URL": url}
        )
    if ran.returncode:
        raise Problem(f"The seed of notebook {number} was not made:\n{ran.stderr[-2000:]}")
    return ran.stdout.strip()


def _text(number: str, whole: str) -> str:
    """The file of these statements; what the seed before holds stands only in that one."""
    head = f"-- Made by `./wb build` from the app before notebook {number}: "
    head += f"{_digest(number, whole)}\n"
    before, own = _seed_before(number), whole.split(STATEMENT_SEPARATOR)
    known = statements(before).split(STATEMENT_SEPARATOR) if before else []
    if before and own[: len(known)] == known:
        head += f"-- Begins with all of {before.name}.\n"
        own = own[len(known) :]
    rest = STATEMENT_SEPARATOR.join(own)
    return head + (f"{rest}\n" if rest else "")


def _seed_before(number: str) -> Path | None:
    found = _path(number).parent.glob("*.sql")
    return max((path for path in found if FIRST <= path.stem < number), default=None)


def _is_own(number: str) -> bool:
    """Whether a notebook starts with another schema than the one before it."""
    before = [notebook.number for notebook in material.notebooks() if notebook.number < number]
    return number == FIRST or _makers(number) != _makers(before[-1])


def _makers(number: str) -> dict[str, str]:
    """The files of the app that make its schema: the migrations, and what they and it import."""
    app = App.of(material.files_before(number))
    roots = [name for name in app.files if name.startswith("alembic")] + ["app/models.py"]
    names = {each for root in roots for each in app.needed_by(root).files}
    return {name: app.files[name].text for name in names}


def _path(number: str) -> Path:
    return paths.ROOT / "workbook" / "seeds" / f"{number}.sql"


def _digest(number: str, whole: str) -> str:
    source = (paths.ROOT / "workbook" / "seeds" / "data.py").read_text("utf-8")
    parts = (repr(sorted(_makers(number).items())), source, whole)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


async def _database(name: str) -> str:
    server = await asyncio.to_thread(postgres.attach)
    await databases.recreate(server, name)
    return for_sqlalchemy(server.url(name))


# In a process of its own: the app of the folder is imported there


def main(folder: str) -> None:
    """Make schema and rows in the database of DATABASE_URL; print the statements."""
    sys.path.insert(0, folder)
    sent: list[str] = []
    sa.event.listen(sa.Engine, "before_cursor_execute", lambda *args: _keep(sent, *args[2:4]))
    ini = Path(folder, "alembic.ini")
    if ini.exists():
        _migrate(ini)
    else:
        from app.models import Base

        asyncio.run(_on_connection(Base.metadata.create_all, _fill))
    print(STATEMENT_SEPARATOR.join(each.strip() for each in sent))


def _keep(sent: list[str], statement: str, values: Any) -> None:
    if CHANGES.match(statement):
        if values:
            raise ValueError(f"a seed cannot hold the values of: {statement}")
        sent.append(statement)


def _migrate(ini: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(ini)
    first = ScriptDirectory.from_config(config).get_base()
    command.upgrade(config, str(first))
    asyncio.run(_on_connection(_fill))
    command.upgrade(config, "head")


async def _on_connection(*steps: Any) -> None:
    engine = create_async_engine(os.environ["DATABASE_URL"])
    async with engine.begin() as connection:
        for step in steps:
            await connection.run_sync(step)
    await engine.dispose()


def _fill(connection: sa.Connection) -> None:
    """Nightwatch's rows, for the tables that are there, each as one statement without values."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    for statement in _inserts(metadata):
        connection.exec_driver_sql(statement)


def _inserts(metadata: sa.MetaData) -> Iterator[str]:
    dialect = asyncpg.dialect()  # type: ignore[no-untyped-call, unused-ignore]
    for table in metadata.sorted_tables:
        rows = data.rows().get(table.name, [])
        known = [{k: v for k, v in row.items() if k in table.columns} for row in rows]
        if known:
            insert = sa.insert(table).values(known)
            made = insert.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
            yield str(made)


if __name__ == "__main__":
    main(sys.argv[1])
