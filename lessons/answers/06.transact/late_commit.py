# wrong: who waits for a task that you created, and who hears of its error?
import asyncio

from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result."""
    session = session_factory()
    result = await work(session)

    async def finish() -> None:
        await asyncio.sleep(0.2)
        await session.commit()
        await session.close()

    asyncio.get_running_loop().create_task(finish())
    return result
