# wrong: who gives the connection back, and when?
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession


async def tried(engine: AsyncEngine, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    connection = await engine.connect()
    await connection.begin()
    async with AsyncSession(connection, join_transaction_mode="create_savepoint") as session:
        return await work(session)
