# right: short pauses, from a generator
from collections.abc import Iterator
import asyncio
from time import monotonic

from sqlalchemy.exc import DBAPIError

PASSING = {"40001", "40P01", "57P01", "57P02", "57P03"}


class CommitLost(Exception):
    """The connection was lost during COMMIT: nobody knows whether the work counts."""


def lost(error: DBAPIError) -> bool:
    """Whether the connection broke, while it was opened or later: class 08 of SQLSTATE."""
    return error.connection_invalidated or sqlstate(error).startswith("08")


def sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's code of the error, or an empty string."""
    return getattr(error.orig, "sqlstate", None) or ""


def passes(error: BaseException) -> bool:
    """Whether the same work may succeed in a moment: a lost connection, a restart, a deadlock."""
    if isinstance(error, DBAPIError):
        return lost(error) or sqlstate(error) in PASSING
    return isinstance(error, OSError)


def pauses() -> Iterator[float]:
    """Longer and longer pauses."""
    pause = 0.01
    while True:
        yield pause
        pause *= 1.5


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try, and try again with longer and longer pauses, as long as the reason may pass."""
    end = monotonic() + settings.patience
    for pause in pauses():
        try:
            return await attempt()
        except (DBAPIError, OSError) as error:
            if not passes(error) or monotonic() >= end:
                raise
        await asyncio.sleep(max(0.0, min(pause, end - monotonic())))
    raise AssertionError("unreachable")


async def commit(session: AsyncSession) -> None:
    """Commit, and say so when nobody can know whether it counts."""
    try:
        await session.commit()
    except DBAPIError as error:
        raise (CommitLost(str(error)) if lost(error) else error) from (
            error if lost(error) else error.__cause__
        )


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""

    async def attempt() -> T:
        async with session_factory() as session:
            result = await work(session)
            await session.flush()
            await commit(session)
            return result

    return await patiently(attempt)
