# wrong: invalid selection for join_transaction_mode
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession


async def tried(engine: AsyncEngine, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    """Return what this unit of work would give; nothing of it is stored."""
    async with engine.connect() as connection:
        outer = await connection.begin()
        try:
            async with AsyncSession(
                connection, join_transaction_mode="savepoint"
            ) as session:
                return await work(session)
        finally:
            await outer.rollback()
