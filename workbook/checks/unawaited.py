"""Calls that the answer made and did not await: which, and on which line of the learner's."""

import gc
import inspect
import os
import sys
import traceback
from collections.abc import Coroutine, Iterable
from typing import Any
from warnings import WarningMessage

from workbook.base.causes import causes
from workbook.checks.places import first_place
from workbook.checks.verdict import OF_THE_APP, YOURS

LABEL = "Never awaited"
ASK = "which call has no `await` before it?"
"""Whatever else was to be asked: a call that never ran may be behind it."""
OURS = f"{os.sep}workbook{os.sep}"
"""In the path of whatever the check itself has called."""
_DEPTH = 6
"""How many callers are kept of each coroutine: enough to come out of a driver's own wrappers."""


def remember_origins() -> None:
    """From now on each coroutine knows the line that made it."""
    sys.set_coroutine_origin_tracking_depth(_DEPTH)


def never_awaited(complaints: Iterable[WarningMessage]) -> list[str]:
    """What Python says of the coroutines that were made and then forgotten, a line for each."""
    texts = (str(each.message) for each in complaints)
    return [text.partition("\n")[0] for text in texts if "never awaited" in text]


def let_go(error: BaseException) -> None:
    """Drop what the frames of an error hold, so that Python notices what nobody awaits any more."""
    for each in causes(error):
        traceback.clear_frames(each.__traceback__)
        if isinstance(each, AttributeError):
            each.obj = None
    gc.collect()


def collect(complaints: Iterable[WarningMessage]) -> None:
    """Have Python notice what nobody holds any more, and free what forgotten coroutines held."""
    gc.collect()
    for each in complaints:
        if isinstance(each.source, Coroutine):
            each.source.close()
    gc.collect()


def calls(complaints: Iterable[WarningMessage], workspace: str) -> str:
    """Each call of the learner's that was never awaited, with its line; "" where there is none.

    A coroutine that the check itself has made and not come to is not the learner's.
    """
    sources = (each.source for each in complaints)
    made = (call(each, workspace) for each in sources)
    return "; ".join(dict.fromkeys(filter(None, made)))


def before_the_dictionary(lines: dict[str, str], calls_seen: str) -> dict[str, str]:
    """The lines without what an error means in general, where a call that never ran is behind it.

    On the line of the error itself a coroutine may be left over because of the error.
    """
    where, means = lines.get(YOURS) or lines.get(OF_THE_APP, ""), lines.get("What it means", "")
    if not calls_seen or not where or not means or "await" in means.lower() or where in calls_seen:
        return lines
    kept = {key: text for key, text in lines.items() if key not in ("What it means", "What to do")}
    return kept | {"Ask yourself": ASK}


def call(coroutine: object, workspace: str) -> str:
    """The call that made this coroutine, with its line; "" where it is none, or not theirs."""
    if not isinstance(coroutine, Coroutine):
        return ""
    origin: tuple[tuple[str, int, str], ...] | None = getattr(coroutine, "cr_origin", None)
    if origin is None:
        return ""
    where = first_place(((name, line) for name, line, _ in origin), workspace)
    if where:
        return f"`{_name(coroutine)}`, called in {where}"
    return _called_by_a_library(coroutine, [name for name, _, _ in origin], workspace)


def _called_by_a_library(coroutine: Any, callers: list[str], workspace: str) -> str:
    """The learner's `async def` that a library called as if it were a `def`; "" for any other.

    In a greenlet of SQLAlchemy's a call has no callers.
    """
    if any(OURS in each for each in callers):
        return ""
    code = coroutine.cr_code
    where = first_place([(code.co_filename, code.co_firstlineno)], workspace)
    return f"`{_name(coroutine)}`, called by a library; it stands in {where}" if where else ""


def _name(coroutine: Any) -> str:
    return str(coroutine.__qualname__).rpartition("<locals>.")[2]


def pending_line(coroutine: Any, workspace: str) -> str:
    """The deepest line of the learner's at which a coroutine waits; "" where it waits elsewhere."""
    lines: list[tuple[str, int]] = []
    while inspect.iscoroutine(coroutine) and coroutine.cr_frame is not None:
        lines.insert(0, (coroutine.cr_frame.f_code.co_filename, coroutine.cr_frame.f_lineno))
        coroutine = coroutine.cr_await
    return first_place(lines, workspace)
