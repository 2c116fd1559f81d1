# wrong: 57P01, after 1 attempt
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
        except Exception as error:
            left = end - monotonic()
            if left <= 0 or not passes(error):
                raise
        await asyncio.sleep(min(pause, left))
        pause *= 2


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""
    async with session_factory() as session:
        result = await work(session)
        try:
            await session.commit()
        except DBAPIError as error:
            if not answered(error):
                raise CommitLost from error
            raise
        return result
