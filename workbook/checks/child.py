"""One check, in this process: load the answer, ask the checker, turn the outcome into a result."""

import asyncio
import contextlib
import importlib
import json
import linecache
import os
import sys
import traceback
import warnings
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from workbook.base import settings
from workbook.base.urls import for_sqlalchemy
from workbook.checks import pytesting, registry
from workbook.checks.answer import Answer, plain
from workbook.checks.verdict import NotYet

SECONDS = float(settings.read().check_seconds)
"""How long a check may take before it is stopped, in seconds."""


@dataclass
class Request:
    """What the check server is asked to do."""

    exercise: str
    workspace: str
    """The folder that holds the learner's files; it goes first on the import path."""
    module: str
    """What holds the answer; empty where the checker runs a file of Alembic's."""
    names: list[str]
    url: str
    """The database of this check."""
    observer_url: str
    """The same database, as the observer logs in."""
    seconds: float = SECONDS
    tests: list[str] | None = None
    """Arguments for pytest, where it is to be run on the learner's files instead of a check."""


@dataclass
class Result:
    """What comes back: `right`, `not yet` with its lines, or `broken` when the check failed."""

    outcome: str
    lines: dict[str, str] = field(default_factory=dict)


def run(request: Request) -> dict[str, Any]:
    """Run one check to its end and say how it went; never raises."""
    if request.tests is not None:
        return _run_tests(request)
    sys.path.insert(0, request.workspace)
    os.chdir(request.workspace)
    os.environ["DATABASE_URL"] = for_sqlalchemy(request.url)
    try:
        asyncio.run(_run(request))
    except NotYet as problem:
        return asdict(Result("not yet", problem.lines))
    except BaseException as error:
        return asdict(_explain(error, request.workspace, request.seconds))
    return asdict(Result("right"))


def main(request: str) -> None:
    """Run what this JSON asks for, and write the result as JSON to descriptor 3; never returns."""
    sys.dont_write_bytecode = True  # two versions of a file within a second may pass for one
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    data = json.dumps(run(Request(**json.loads(request)))).encode()
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    with os.fdopen(3, "wb") as result:
        result.write(data)
    os._exit(0)


def _run_tests(request: Request) -> dict[str, Any]:
    url = for_sqlalchemy(request.url)
    given = {"TEST_DATABASE_URL": url} if url else {}
    if image := settings.read().pg_image:
        given["TEST_POSTGRES_IMAGE"] = image
    found = pytesting.run(request.workspace, request.tests or [], given)
    return {"outcome": "ran", "lines": {}, "tests": found}


async def _run(request: Request) -> None:
    checker = registry.checker(request.exercise)
    os.environ.update(checker.environment)
    observer = await asyncpg.connect(request.observer_url, timeout=5)
    try:
        with warnings.catch_warnings(record=True) as complaints:
            warnings.simplefilter("always")
            names = tuple(request.names)
            answer = Answer(
                request.url, request.module, names, request.observer_url, observer, complaints
            )
            if request.module:
                _import(request.module)
            await asyncio.wait_for(checker.check(answer), request.seconds - 1)
    finally:
        observer.terminate()


def _import(module: str) -> None:
    try:
        importlib.import_module(module)
    except SystemExit as error:
        raise _left(error) from error


def _left(error: SystemExit) -> NotYet:
    return NotYet(
        "your code",
        f"it called exit({repr(error.code) if error.code else ''}) and the process ended",
        "code that returns to its caller",
        "who should decide when the program ends: this function, or whoever calls it?",
    )


def _explain(error: BaseException, workspace: str, seconds: float) -> Result:
    if isinstance(error, SystemExit):
        return Result("not yet", _left(error).lines)
    where = learners_line(error, workspace)
    if isinstance(error, TimeoutError) and not where:
        return Result("not yet", too_slow(seconds - 1).lines)
    if not where and isinstance(error, _GONE):
        return Result("not yet", _gone(error).lines)
    if not where and not isinstance(error, _OURS):
        return Result("not yet", _unusable(error).lines)
    if not where:
        return Result("broken", {"Traceback": "".join(traceback.format_exception(error))[-2000:]})
    message = f"{type(error).__name__}: {error}".splitlines()[0].rstrip()
    ask = "what does the last part of that message say about this line?"
    if isinstance(error, UnboundLocalError):
        ask = "which line gives that name its value, and had it finished when this one ran?"
        if error.__context__:
            ask = "which line had not finished when `finally` ran?"
    elif isinstance(error, NameError):
        ask = "is that name made in this cell? The check runs it alone, without the other cells."
    return Result("not yet", {
        "You wrote": where,
        "What happened": f"it raised {plain(message)}",
        "What was wanted": "no error here",
        "Ask yourself": ask,
    })  # fmt: skip


def too_slow(seconds: float) -> NotYet:
    """The answer did not come in time."""
    return NotYet(
        "your code",
        f"no answer within {seconds:.0f} seconds; it was stopped",
        "an answer in well under a second",
        "which loop never ends, or which `await` waits for something that never comes?",
    )


_GONE = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedObjectError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)


_OURS = (OSError, ImportError, NameError, AssertionError, MemoryError)
"""Errors that, outside the learner's lines, speak of the check and not of the answer."""


def _unusable(error: BaseException) -> NotYet:
    message = f"{type(error).__name__}: {error}".splitlines()[0].rstrip()
    return NotYet(
        "what you wrote, and used it",
        f"it raised {plain(message)}",
        "something that can be used as the text says",
        "which word of that message is a word of yours?",
    )


def _gone(error: BaseException) -> NotYet:
    return NotYet(
        "your code",
        f"something that the check looks at is gone: {error}",
        "tables that are still there afterwards",
        "which statement removed more than it should?",
    )


def learners_line(error: BaseException, workspace: str) -> str:
    """`file:line: code` of the deepest frame in the learner's own files, or an empty string."""
    if isinstance(error, SyntaxError) and error.filename and workspace in error.filename:
        return _place(error.filename, error.lineno or 0, workspace)
    found = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith(workspace):
            found = _place(frame.filename, frame.lineno or 0, workspace)
    return found


def _place(filename: str, line: int, workspace: str) -> str:
    name = Path(filename).relative_to(workspace)
    shown = "your cell" if name == Path("answer.py") else str(name)
    return f"{shown}, line {line}: {linecache.getline(filename, line).strip()}"
