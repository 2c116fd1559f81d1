"""Running Alembic inside a check: in the folder of the answer, quietly."""

import ast
import asyncio
import contextlib
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy.exc import DBAPIError

from workbook.base.causes import causes
from workbook.checks import known_mistakes
from workbook.checks.answer import Answer, plain
from workbook.checks.places import learners_call, learners_line
from workbook.checks.unawaited import remember_origins
from workbook.checks.verdict import NotYet

VERSIONS = Path("alembic/versions")
"""The folder of the revisions, in the folder of the check."""


def silent_stream() -> io.TextIOWrapper:
    """A stream that keeps what Alembic prints to itself."""
    return io.TextIOWrapper(io.BytesIO(), "utf-8")


def answer_config() -> Config:
    """The configuration of the answer, in the folder of the check."""
    return Config("alembic.ini", stdout=silent_stream())


async def run_command(step: Callable[..., Any], *arguments: Any) -> None:
    """A command of Alembic, in a thread, without what it prints."""

    def run() -> None:
        remember_origins()  # it holds for a thread
        step(answer_config(), *arguments)

    await asyncio.to_thread(run)


def keep_only_revisions(*names: str) -> None:
    """Leave only the revisions of these file names in the folder."""
    for path in VERSIONS.glob("*.py"):
        if path.name not in names:
            path.unlink()


def expect_place(name: str, parent: str = "") -> None:
    """NotYet where the answer's revision says another name, or another parent than this one."""
    path = next(VERSIONS.glob(f"{name}_*.py"))
    said = {"revision": "nothing", "down_revision": "nothing"} | _assigned(path.read_text("utf-8"))
    for variable, value in (("revision", name), ("down_revision", parent)):
        if value and said[variable] != repr(value):
            raise NotYet.looked_at(
                f"`{variable}` in {path}",
                got=f"it is {said[variable]}",
                wanted=f"{value!r}, as it was",
                ask="how does Alembic know which revision this is, and what it follows?",
            )


def _assigned(source: str) -> dict[str, str]:
    """What stands behind the `=` of each name at the top level."""
    found: dict[str, str] = {}
    for each in ast.parse(source).body:
        targets = each.targets if isinstance(each, ast.Assign) else [getattr(each, "target", None)]
        if value := getattr(each, "value", None):
            names = [one.id for one in targets if isinstance(one, ast.Name)]
            found |= dict.fromkeys(names, ast.unparse(value))
    return found


_UNKNOWN_NAMES = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedObjectError,
)
_TAKEN = asyncpg.DuplicateColumnError
_WHO_TOOK_IT = "which statement has given the table a column of that name before?"
_TABLES = {"team", "user_account", "incident"}


def _question_of_table(error: BaseException, call: str) -> str:
    """The question where an operation was given something else as its table; or nothing."""
    found = re.search(r'relation "([^"]+)" does not exist', str(error))
    operation = re.search(r"\bop\.(\w+)\(", call)
    names = re.findall(r"""["']([^"']*)["']""", call)
    if not found or not operation or found[1] in _TABLES or found[1] not in names:
        return ""
    if _TABLES & {*names}:
        return f"in which order does `op.{operation[1]}` take its names, and which is the table's?"
    return "what is the table called, in the `__tablename__` of its model?"


@contextlib.contextmanager
def runs(answer: Answer, call: str) -> Iterator[None]:
    """Turn what Alembic refuses, and a name that PostgreSQL does not know, into a sentence."""
    try:
        yield
    except CommandError as error:
        got = f"it raised {type(error).__name__}: {plain(str(error))}"
        raise NotYet(call, got=got, wanted="no error of Alembic's") from None
    except DBAPIError as error:
        where = learners_line(error, answer.workspace)
        told = next((e for e in causes(error) if isinstance(e, (*_UNKNOWN_NAMES, _TAKEN))), None)
        if not where or not told:
            raise
        got = f"PostgreSQL says, during {call}: {str(told).splitlines()[0]}"
        wanted, ask = "names that the database knows at that moment", ""
        if isinstance(told, _TAKEN):
            wanted, ask = "a name that is free at that moment", _WHO_TOOK_IT
        elif question := _question_of_table(told, learners_call(error, answer.workspace)):
            ask = question
        elif "op.execute" in where and known_mistakes.text_in_double_quotes(told, where):
            ask = "which quotes does SQL want around a text, and which around a name?"
        raise NotYet(where, got=got, wanted=wanted, ask=ask, label="You wrote") from None


async def database_revisions(answer: Answer) -> list[str]:
    """The rows of alembic_version; none where the table is not there."""
    if not await answer.observer.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL"):
        return []
    return [row[0] for row in await answer.observer.fetch("SELECT * FROM alembic_version")]


class FailedUpgrade(NamedTuple):
    """How an upgrade went whose second revision fails."""

    raised: bool
    """Whether whoever called it was told."""
    left: bool
    """Whether its first revision left something in the database."""


_REVISION = """
from alembic import op

revision = "{name}"
down_revision = "{parent}"


def upgrade() -> None:
    op.execute("{sql}")
"""


async def failing_upgrade(answer: Answer, head: str) -> FailedUpgrade:
    """Put two revisions on top of this one, of which the second fails, and upgrade."""
    first, second = f"{head}_a", f"{head}_b"
    for parent, name, sql in ((head, first, "CREATE TABLE half ()"), (first, second, "SELECT 1/0")):
        text = _REVISION.format(name=name, parent=parent, sql=sql)
        (VERSIONS / f"{name}.py").write_text(text, "utf-8")
    raised = False
    try:
        await run_command(command.upgrade, "head")
    except Exception:
        raised = True
    left = await answer.observer.fetchval("SELECT to_regclass('half') IS NOT NULL")
    return FailedUpgrade(raised, left or await database_revisions(answer) != [head])
