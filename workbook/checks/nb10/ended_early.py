"""Why work that might pass was not done again: what was tried, for how long, and where."""

from typing import Any
from unittest import mock

from workbook.checks.nb10.attempts import driver_error, outcome

HOW_LONG = "what ends the attempts: their number, or the time since the first one?"
HOW_SHORT = "how many attempts fit into `settings.patience`, where the first pause is that long?"
_LONG = 0.5
"""Seconds that the pauses of a few attempts take in all where the first is too long."""
_BROKEN = "08006"
_ENDED_AT_ONCE = "which errors does `passes` say yes to: those that go on, or those to try again?"


async def _why_at_once(patiently: Any) -> str:
    """The question where one attempt was all: about the errors, the time, or what is tried."""
    from app.settings import settings

    if await _goes_on(patiently):
        return "what does `patiently` call: all of the work, or what comes behind it?"
    with mock.patch.object(settings, "patience", 1e6):
        goes_on = await _goes_on(patiently)
    return (
        "in which unit is `settings.patience`, and since when do you count it?"
        if goes_on
        else _ENDED_AT_ONCE
    )


async def _goes_on(patiently: Any) -> bool:
    """Whether it tries again after an error that passes."""
    errors = iter([driver_error(_BROKEN)])

    async def attempt() -> str:
        if error := next(errors, None):
            raise error
        return "done"

    return bool(await outcome(patiently(attempt)) == "done")


async def why_not_repeated(came: object, attempts: int, patiently: Any, paused: float = 0.0) -> str:
    """The question for what came of work that four errors that pass have kept from its end.

    It has `paused` for so many seconds in all.
    """
    got = str(came)
    if came is None:
        return "which line gives back what the work gave?" if attempts == 5 else HOW_LONG
    if got.startswith("CommitLost"):
        return "what stands in your `try`: COMMIT alone, or the work as well?"
    if "lock timeout" in got or "QueuePool" in got:
        return "what does the session of a failed attempt hold, and who ends it?"
    if got.startswith("DBAPIError") and attempts > 1:
        return HOW_SHORT if paused >= _LONG else HOW_LONG
    if got.startswith("DBAPIError"):
        return await _why_at_once(patiently)
    return "what can be done again, and from where?"
