# wrong: which errors go away when the same work is done again?
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result."""
    try:
        async with session_factory.begin() as session:
            return await work(session)
    except Exception:
        async with session_factory.begin() as session:
            return await work(session)
