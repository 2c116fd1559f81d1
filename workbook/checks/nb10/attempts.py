"""Attempts of a unit of work that fails as a database fails, and what comes of them."""

import asyncio
import contextlib
from collections.abc import Iterator
from time import monotonic
from typing import Any
from unittest import mock

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks.answer import Answer, Raised, expect_state


class Lost(Exception):
    """What a driver raises, with its SQLSTATE; SQLAlchemy shows the learner its name."""

    __module__ = "workbook.checks.nb10"

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def driver_error(sqlstate: str, invalidated: bool = False) -> DBAPIError:
    """What SQLAlchemy raises for such an error of the driver's."""
    return DBAPIError("SELECT 1", {}, Lost(sqlstate), connection_invalidated=invalidated)


class FailingWork:
    """A unit of work that fails with each of these errors in turn, after it has written a row."""

    def __init__(self, *errors: Exception, takes: float = 0.0, row: str = "again") -> None:
        """Fail with these; each attempt writes this row, and takes so many seconds."""
        self._errors, self._takes, self._row = iter(errors), takes, row
        self.sessions: list[AsyncSession] = []
        self.began: list[float] = []
        self.failed: list[float] = []

    async def __call__(self, session: AsyncSession) -> str:
        """One attempt, and which it was."""
        self.sessions.append(session)
        self.began.append(monotonic())
        await session.execute(text("INSERT INTO team (name) VALUES (:name)"), {"name": self._row})
        await asyncio.sleep(self._takes)
        if error := next(self._errors, None):
            self.failed.append(monotonic())
            raise error
        return f"done at attempt {len(self.sessions)}"


@contextlib.contextmanager
def timers_seen() -> Iterator[list[tuple[float, float]]]:
    """Note of each timer of the running loop that goes off: when it was set, and for how long.

    What a pause was meant to last is known so, however late a busy machine wakes whoever sleeps.
    """
    loop, seen = asyncio.get_running_loop(), list[tuple[float, float]]()
    call_at = loop.call_at

    def noted(when: float, callback: Any, *rest: Any, **options: Any) -> asyncio.TimerHandle:
        began = loop.time()

        def goes_off(*given: Any) -> None:
            seen.append((began, when - began))
            callback(*given)

        return call_at(when, goes_off, *rest, **options)

    with mock.patch.object(loop, "call_at", noted):
        yield seen


def pauses(work: FailingWork, timers: list[tuple[float, float]]) -> list[float]:
    """Seconds that each pause between two attempts was to last: its timers that went off.

    Where no timer made any of them, as with a thread that sleeps, what the clock says.
    """
    between = list(zip(work.failed, work.began[1:], strict=True))
    asked = [sum(ahead for set_, ahead in timers if end <= set_ <= to) for end, to in between]
    return asked if any(asked) else [to - end for end, to in between]


async def outcome(attempt: Any) -> Any:
    """What comes back, or the error in a line; an error of the learner's own line goes on."""
    try:
        return await attempt
    except (NameError, AttributeError, TypeError, SyntaxError):
        raise
    except Exception as error:
        return raised(error)


def raised(error: Exception) -> Raised:
    """The kind of the error, and the first line of what it says."""
    said = f"{type(error).__name__}: {error}".splitlines()[0]
    return Raised(said.removesuffix(": "))


def kind(got: Any) -> Any:
    """Of an error its kind, anything else as it is."""
    return Raised(got.partition(":")[0]) if isinstance(got, Raised) else got


async def rows_are_stored(answer: Answer, wanted: int, ask: str) -> None:
    """So many rows of the work count; none is left for whoever comes next."""
    sql = "SELECT count(*) FROM team WHERE name = 'again'"
    expect_state("the rows that are stored", await answer.observer.fetchval(sql), wanted, ask)
    await answer.observer.execute("DELETE FROM team WHERE name = 'again'")
