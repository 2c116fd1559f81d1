"""When work is done again, and when never: no database is needed to know it."""

from collections.abc import Iterator

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from app import database
from app.failures import CommitLost
from app.settings import settings

PASSING = {
    "08001": "cannot connect",
    "08003": "while it opens",
    "25006": "read-only",
    "40001": "serialization",
    "40P01": "deadlock",
    "57P01": "shut down",
    "57P02": "crashed",
    "57P03": "starting up",
    "57P05": "idle for too long",
}


class Lost(Exception):
    """What a driver raises, with its SQLSTATE."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


class Attempts:
    """Fails with each of these errors in turn, then succeeds."""

    def __init__(self, *errors: Exception) -> None:
        self._errors: Iterator[Exception] = iter(errors)
        self.count = 0

    async def __call__(self) -> str:
        """One attempt."""
        self.count += 1
        if error := next(self._errors, None):
            raise error
        return "done"


def failed(sqlstate: str, invalidated: bool = False) -> DBAPIError:
    """An error as SQLAlchemy wraps it."""
    return DBAPIError("SELECT 1", {}, Lost(sqlstate), connection_invalidated=invalidated)


def changed() -> DBAPIError:
    """What a statement meets that was prepared before a column got another type."""
    error = Lost("0A000")
    error.__cause__ = asyncpg.InvalidCachedStatementError("cached")
    return DBAPIError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    "error",
    [failed(code) for code in PASSING] + [failed("", True), changed()],
    ids=[*PASSING.values(), "lost", "a changed type"],
)
async def test_what_passes_is_tried_again(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Once in vain, with a line in the log, and then it is done."""
    attempts = Attempts(error)
    assert await database.patiently(attempts) == "done"
    assert attempts.count == 2
    assert len(caplog.records) == 1


async def test_one_reason_may_follow_another() -> None:
    """As long as there is patience."""
    attempts = Attempts(failed("57P01"), failed("08001"), failed("40001"))
    assert await database.patiently(attempts) == "done"
    assert attempts.count == 4


@pytest.mark.parametrize(
    "error",
    [
        *(failed(code) for code in ("23505", "0A000", "53300", "57014")),
        *(IntegrityError("", {}, Lost("23505")), CommitLost(), OSError(), TimeoutError()),
    ],
    ids=["wrapped", "not supported", "full", "late", "integrity", "commit", "file", "time"],
)
async def test_what_stays_is_not_tried_again(error: Exception) -> None:
    """Least of all a COMMIT whose outcome nobody knows."""
    attempts = Attempts(error)
    with pytest.raises(type(error)):
        await database.patiently(attempts)
    assert attempts.count == 1


async def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the last error is the one that the caller gets."""
    monkeypatch.setattr(settings, "patience", 0.2)
    attempts = Attempts(*[failed("08001") for _ in range(99)])
    with pytest.raises(DBAPIError):
        await database.patiently(attempts)
    assert 2 <= attempts.count <= 5
