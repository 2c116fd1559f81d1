from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

Reader: TypeAlias = AsyncConnection | AsyncSession
"""Whatever runs a query: a connection where nothing changes, a session in a unit of work."""
readers = engine.execution_options(isolation_level="AUTOCOMMIT")


async def read(work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Run queries that change nothing, each a transaction of its own, and return the result."""

    async def attempt() -> T:
        async with readers.connect() as connection:
            return await work(connection)

    return await patiently(attempt)
