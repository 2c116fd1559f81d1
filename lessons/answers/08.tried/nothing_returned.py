# wrong: which value is returned?
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession


async def tried(engine: AsyncEngine, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    async with engine.connect() as connection:
        await connection.begin()
        async with AsyncSession(connection, join_transaction_mode="create_savepoint") as session:
            await work(session)
