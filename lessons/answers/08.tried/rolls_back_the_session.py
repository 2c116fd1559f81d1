# wrong: what does a commit of `work` end: a transaction, or a savepoint in one?
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession


async def tried(engine: AsyncEngine, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    async with AsyncSession(engine) as session:
        result = await work(session)
        await session.rollback()
        return result
