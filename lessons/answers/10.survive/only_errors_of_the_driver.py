# wrong: which errors does `passes` know that your `except` does not catch?
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


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try, and try again with longer and longer pauses, as long as the reason may pass."""
    end, pause = monotonic() + settings.patience, 0.02
    while True:
        try:
            return await attempt()
        except DBAPIError as error:
            if monotonic() >= end or not passes(error):
                raise
        await asyncio.sleep(pause)
        pause *= 2


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""

    async def attempt() -> T:
        async with session_factory() as session:
            result = await work(session)
            try:
                await session.commit()
            except DBAPIError as error:
                if lost(error):
                    raise CommitLost from error
                raise
            return result

    return await patiently(attempt)
