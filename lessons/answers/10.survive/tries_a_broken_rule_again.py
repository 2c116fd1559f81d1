# wrong: 3 attempts, and it returned 'done at attempt 3'
import asyncio
from time import monotonic

from sqlalchemy.exc import DBAPIError

from app.failures import CommitLost, answered, passes


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try, and try again with longer and longer pauses, as long as the reason may pass."""
    end, pause = monotonic() + settings.patience, 0.02
    while True:
        try:
            return await attempt()
        except Exception:
            if monotonic() >= end:
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
            except Exception as error:
                if answered(error):
                    raise
                raise CommitLost from error
            return result

    return await patiently(attempt)
