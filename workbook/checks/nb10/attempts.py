"""Attempts of a unit of work that fails as a database fails, and what comes of them."""

import asyncio
from time import monotonic
from typing import Any

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
