from collections.abc import Awaitable, Callable
from contextvars import ContextVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.failures import CommitLost, answered

TEAM: ContextVar[int | None] = ContextVar("TEAM", default=None)
"""The team that asks; where nobody asks, there are no rows."""


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""

    async def attempt() -> T:
        async with session_factory.begin() as session:
            await hold(await session.connection())
            result = await work(session)
            await session.flush()
            try:
                await session.commit()
            except Exception as error:
                if answered(error):
                    await session.rollback()
                    raise
                raise CommitLost from error
            return result

    return await patiently(attempt)


readers = engine


async def read(work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Run queries that change nothing, in a transaction that is undone, and return the result."""

    async def attempt() -> T:
        async with readers.connect() as connection:
            await hold(connection)
            return await work(connection)

    return await patiently(attempt)
