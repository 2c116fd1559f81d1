"""When work is done again, and when never: no database is needed to know it."""

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from app import database
from app.settings import settings


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


@pytest.mark.parametrize(
    "error",
    [failed(code) for code in ("57P01", "57P03", "40001", "40P01", "08003")] + [failed("", True)],
    ids=["shut down", "starting up", "serialization", "deadlock", "while it opens", "lost"],
)
async def test_what_passes_is_tried_again(error: Exception) -> None:
    """Twice in vain, and then it is done."""
    attempts = Attempts(error, ConnectionRefusedError(), error)
    assert await database.patiently(attempts) == "done"
    assert attempts.count == 4


@pytest.mark.parametrize(
    "error",
    [failed("23505"), IntegrityError("", {}, Lost("23505")), database.CommitLost(), ValueError()],
    ids=["wrapped", "integrity", "commit", "ours"],
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
    attempts = Attempts(*[ConnectionRefusedError(str(number)) for number in range(99)])
    with pytest.raises(ConnectionRefusedError):
        await database.patiently(attempts)
    assert 2 <= attempts.count <= 5
