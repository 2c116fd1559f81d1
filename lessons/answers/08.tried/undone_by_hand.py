# right: the ROLLBACK is sent by a line of its own, as in the notebook; after an error, the end of the block sends it
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession


async def tried(engine: AsyncEngine, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    async with engine.connect() as connection:
        outer = await connection.begin()
        async with AsyncSession(connection, join_transaction_mode="create_savepoint") as session:
            result = await work(session)
        await outer.rollback()
        return result
