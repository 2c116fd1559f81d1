# wrong: which of your objects is the session, and which the connection below it?
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession


async def tried(engine: AsyncEngine, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    """Return what this unit of work would give; nothing of it is stored."""
    async with engine.connect() as connection:
        outer = await connection.begin()
        try:
            async with AsyncSession(
                connection, join_transaction_mode="create_savepoint"
            ) as session:
                return await work(connection)
        finally:
            await outer.rollback()
