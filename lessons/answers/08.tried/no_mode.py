# wrong: what does a rollback of `work` undo: all, or what came after its commit?
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession


async def tried(engine: AsyncEngine, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    async with engine.connect() as connection:
        await connection.begin()
        async with AsyncSession(connection) as session:
            return await work(session)
