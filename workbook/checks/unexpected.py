"""What an error means that no checker expected: whose line it was, or whose fault it is."""

import re
import traceback
from difflib import get_close_matches
from typing import Any

import asyncpg

from workbook import dictionary, material
from workbook.base import disk
from workbook.base.causes import causes
from workbook.checks import known_mistakes, unawaited
from workbook.checks.answer import show
from workbook.checks.calling import noted
from workbook.checks.messages import innermost, message
from workbook.checks.places import line_of_answer, raised_by_learner
from workbook.checks.result import Result, broken, not_yet
from workbook.checks.verdict import NotYet

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

_REVISION = "alembic/versions/"
_OF_AN_APP = (asyncpg.IntegrityConstraintViolationError, NameError)
"""Errors whose entry is about an app's answers, or about the template: no help in a revision."""


def ended_itself(error: SystemExit) -> NotYet:
    """The answer has ended the process that was to run it."""
    return NotYet.looked_at(
        "your code, as it runs",
        got=f"it called exit({repr(error.code) if error.code else ''}) and the process ended",
        wanted="code that returns to its caller",
        ask="who should decide when the program ends: this function, or whoever calls it?",
    )


def explain(error: BaseException, workspace: str, number: str, module: str = "") -> Result:
    """The learner's line, the message, and what the dictionary of this notebook says of it.

    `module` is that of the answer; without one each line in the workspace is theirs.
    """
    if isinstance(error, SystemExit):
        return not_yet(ended_itself(error))
    found = innermost(error)
    found = known_mistakes.first_await_missing(found) or found
    label, where = line_of_answer(found, workspace, module)
    if not where:
        label, where = line_of_answer(error, workspace, module)
    if disk.is_full(error) and not (where and isinstance(found, OSError)):
        return _broken(error)  # PostgreSQL's disk, or ours
    if where:
        line = label, _as_written(where, found)
        return _raised_in(line, found, workspace, number, noted(error, found))
    if isinstance(found, _GONE):
        return not_yet(_gone(found))
    if isinstance(found, _OURS) or _is_of_ours(found):
        return _broken(error)
    return _unusable(found, number)


def _raised_in(
    line: tuple[str, str], error: BaseException, workspace: str, number: str, call: str
) -> Result:
    label, where = line
    said = {
        "You called": call,
        label: where,
        "What happened": f"it raised {message(error)}",
        unawaited.LABEL: unawaited.call(known_mistakes.coroutine_of(error), workspace),
    }
    asks = {"Ask yourself": _question(error, where)}
    if raised_by_learner(error, workspace):
        error.__context__ = None  # it is about this line, and not about what came before
    lines = said | meaning(error, number, where) | asks
    return {"outcome": "not yet", "lines": {label: text for label, text in lines.items() if text}}


def _as_written(where: str, error: BaseException) -> str:
    """The line; of an import only the name that is not there: merging joins imports in one line."""
    found = re.match(r"cannot import name '(\w+)'", str(error))
    if not isinstance(error, ImportError) or not found:
        return where
    return f"{where.partition(': ')[0]}: from {error.name} import {found[1]}"


def meaning(error: BaseException, number: str, where: str = "") -> dict[str, str]:
    """What the error means and what to do, where that is known.

    What a later notebook does about it is none of this one's.
    """
    if said := known_mistakes.meaning(error, where):
        return {"What it means": said}
    known = dictionary.entry(error, number)
    if known is None:
        said = "" if isinstance(error, NameError) else dictionary.of_form(error)
        said = dictionary.known_part(said, number)
        return {"What it means": said} if said else {}
    if _is_of_an_app(error, where):
        return {}
    return advice(known, number)


def advice(known: material.ErrorEntry, number: str) -> dict[str, str]:
    """What an entry says to a learner of this notebook, in words that were explained by then."""
    later = known.notebook[:2] > number
    means = dictionary.known_part(known.means, number) or known.means
    fix = "" if later else dictionary.known_part(known.fix, number)
    return {"What it means": means} | ({"What to do": fix} if fix else {})


def _is_of_an_app(error: BaseException, where: str) -> bool:
    """Whether a line of a revision raised what the dictionary explains for another place."""
    return where.startswith(_REVISION) and any(isinstance(e, _OF_AN_APP) for e in causes(error))


_OF_A_CELL = " What a cell of the notebook has made, a file does not know."
_WHERE_MADE = f"which module has that name, and does this file import it?{_OF_A_CELL}"


def _question(error: BaseException, where: str) -> str:
    if isinstance(error, UnboundLocalError):
        if error.__context__:
            return "which line had not finished when `finally` ran?"
        return "which line gives that name its value, and had it finished when this one ran?"
    if isinstance(error, NameError) and (meant := _name_beside(error)):
        return f"do you mean `{meant}`?{'' if where.startswith('your cell') else _OF_A_CELL}"
    if isinstance(error, NameError) and where.startswith(_REVISION):
        return "is that a name of Python's, or what the database calls a column?"
    if isinstance(error, NameError) and where.startswith("your cell"):
        return "is that name made in this cell? The check runs it alone, without the other cells."
    if isinstance(error, NameError) and not known_mistakes.defined_below(error):
        return _WHERE_MADE
    return ""


def _name_beside(error: NameError) -> str:
    """The argument or local name that the missing one resembles; empty where there is none."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    names = list(frames[-1].f_code.co_varnames) if frames else []
    return next(iter(get_close_matches(error.name or "", names, 1, 0.8)), "")


def _broken(error: BaseException) -> Result:
    if disk.is_full(error):
        return broken({"Sorry": disk.FULL})
    return broken({"Traceback": "".join(traceback.format_exception(error))[-2000:]})


def _is_of_ours(error: BaseException) -> bool:
    """Whether it is about an object of the check's own, and so a fault of the check."""
    return isinstance(error, AttributeError) and type(error.obj).__module__.startswith("workbook.")


def _unusable(error: BaseException, number: str) -> Result:
    """The check could not go on with what the answer gave it."""
    got, wanted = f"it raised {message(error)}", "something that can be used as the task says"
    if "async_generator can't be used in 'await'" in str(error):
        return not_yet(_generator(got))
    if isinstance(error, AttributeError) and error.name:
        got, wanted = _without(error.obj, error.name), f"something that has `.{error.name}`"
    seen = NotYet.looked_at("what your code gave, as the check used it", got=got, wanted=wanted)
    return {"outcome": "not yet", "lines": seen.lines | meaning(error, number)}


def _generator(got: str) -> NotYet:
    """Whoever calls it awaits what it gives: a `yield` in its body has made another thing of it."""
    return NotYet.looked_at(
        "what your function gave, as the check awaited it",
        got=got,
        wanted="a coroutine, which is what an `async def` without a `yield` gives",
        ask="what does `yield` make of an `async def`, and which word gives a result back?",
    )


def _without(found: Any, name: str) -> str:
    what = "None" if found is None else f"{show(found, 120)}, of the class {type(found).__name__}"
    return f"it is {what}, which has no `.{name}`"


def _gone(error: BaseException) -> NotYet:
    return NotYet.looked_at(
        "the database, after your code ran",
        got=f"something that the check looks at is gone: {error}",
        wanted="tables that are still there afterwards",
        ask="which statement removed more than it should?",
    )
