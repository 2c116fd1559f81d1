# wrong: where the first pause is that long?
import asyncio
from time import monotonic

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import async_sessionmaker

from app.failures import CommitLost, answered, note, passes, watch

watch(engine)
session_factory = async_sessionmaker(engine, expire_on_commit=False)


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try, and try again with longer and longer pauses, as long as the reason may pass."""
    end, pause = monotonic() + settings.patience, 1
    while True:
        try:
            return await attempt()
        except DBAPIError as error:
            if not passes(error) or monotonic() > end:
                raise
            note("trying again", error)
        await asyncio.sleep(pause)
        pause *= 2


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""

    async def once() -> T:
        async with session_factory() as session:
            result = await work(session)
            await session.flush()
            try:
                await session.commit()
            except Exception as error:
                if not answered(error):
                    raise CommitLost from error
                await session.rollback()
                raise
            return result

    return await patiently(once)
