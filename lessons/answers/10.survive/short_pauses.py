# right: the pauses come from a generator: the first is a hundredth of a second, and each one after it is one and a half times as long
from collections.abc import Iterator
import asyncio
from time import monotonic

from sqlalchemy.exc import DBAPIError

from app.failures import CommitLost, answered, note, passes


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
        except DBAPIError as error:
            if not passes(error) or monotonic() >= end:
                raise
            note("once more", error)
        await asyncio.sleep(max(0.0, min(pause, end - monotonic())))
    raise AssertionError("unreachable")


async def commit(session: AsyncSession) -> None:
    """Commit, and say so when nobody can know whether it counts."""
    try:
        await session.commit()
    except Exception as error:
        if answered(error):
            await session.rollback()
        raise (error if answered(error) else CommitLost(str(error))) from (
            error.__cause__ if answered(error) else error
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
