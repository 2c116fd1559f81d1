# wrong: which lines stand in the `try` that raises CommitLost, and which of them is COMMIT?
import asyncio
from time import monotonic

from sqlalchemy.exc import DBAPIError

from app.failures import CommitLost, answered, passes


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try, and try again with longer and longer pauses, as long as the reason may pass."""
    deadline, pause = monotonic() + settings.patience, 0.05
    while True:
        try:
            return await attempt()
        except Exception as error:
            left = deadline - monotonic()
            if not passes(error) or left <= 0:
                raise
        await asyncio.sleep(min(pause, left))
        pause *= 2


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""
    async def attempt() -> T:
        async with session_factory() as session:
            result = await work(session)
            try:
                await session.flush()
                await session.commit()
            except DBAPIError as error:
                if not answered(error):
                    raise CommitLost("nobody knows whether the work counts") from error
                raise
            return result

    return await patiently(attempt)
