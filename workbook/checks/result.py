"""What comes of a check, as it crosses over from its process; what an unexpected error means."""

import linecache
import traceback
from pathlib import Path
from typing import Any

import asyncpg

from workbook.checks.answer import plain
from workbook.checks.verdict import NotYet

Result = dict[str, Any]
"""`outcome`: right, not yet, broken or ran; `lines`: label and text; `tests`: what pytest found."""

_GONE = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedObjectError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)
"""Errors of a database from which something was taken away."""
_OURS = (OSError, ImportError, NameError, AssertionError, MemoryError)
"""Errors that, outside the learner's lines, speak of the check and not of the answer."""


def not_yet(problem: NotYet) -> Result:
    """The answer is not right yet, for this reason."""
    return {"outcome": "not yet", "lines": problem.lines}


def ended_itself(error: SystemExit) -> NotYet:
    """The answer has ended the process that was to run it."""
    return NotYet(
        "your code",
        got=f"it called exit({repr(error.code) if error.code else ''}) and the process ended",
        wanted="code that returns to its caller",
        ask="who should decide when the program ends: this function, or whoever calls it?",
    )


def explain(error: BaseException, workspace: str, seconds: float) -> Result:
    """What an error means that no checker expected: whose line it was, or whose fault it is."""
    if isinstance(error, SystemExit):
        return not_yet(ended_itself(error))
    where = learners_line(error, workspace)
    if isinstance(error, TimeoutError) and not where:
        return not_yet(too_slow(seconds - 1))
    if not where and isinstance(error, _GONE):
        return not_yet(_gone(error))
    if not where and not isinstance(error, _OURS):
        return not_yet(_unusable(error))
    if not where:
        lines = {"Traceback": "".join(traceback.format_exception(error))[-2000:]}
        return {"outcome": "broken", "lines": lines}
    return _raised_in(where, error)


def _raised_in(where: str, error: BaseException) -> Result:
    message = f"{type(error).__name__}: {error}".splitlines()[0].rstrip()
    return {
        "outcome": "not yet",
        "lines": {
            "You wrote": where,
            "What happened": f"it raised {plain(message)}",
            "What was wanted": "no error here",
            "Ask yourself": _question(error),
        },
    }


def _question(error: BaseException) -> str:
    if isinstance(error, UnboundLocalError):
        if error.__context__:
            return "which line had not finished when `finally` ran?"
        return "which line gives that name its value, and had it finished when this one ran?"
    if isinstance(error, NameError):
        return "is that name made in this cell? The check runs it alone, without the other cells."
    return "what does the last part of that message say about this line?"


def too_slow(seconds: float) -> NotYet:
    """The answer did not come in time."""
    return NotYet(
        "your code",
        got=f"no answer within {seconds:.0f} seconds; it was stopped",
        wanted="an answer in well under a second",
        ask="which loop never ends, or which `await` waits for something that never comes?",
    )


def _unusable(error: BaseException) -> NotYet:
    message = f"{type(error).__name__}: {error}".splitlines()[0].rstrip()
    return NotYet(
        "what you wrote, and used it",
        got=f"it raised {plain(message)}",
        wanted="something that can be used as the text says",
        ask="which word of that message is a word of yours?",
    )


def _gone(error: BaseException) -> NotYet:
    return NotYet(
        "your code",
        got=f"something that the check looks at is gone: {error}",
        wanted="tables that are still there afterwards",
        ask="which statement removed more than it should?",
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
