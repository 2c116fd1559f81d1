# wrong: it raised RuntimeError: the work has failed
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result."""
    try:
        async with session_factory.begin() as session:
            return await work(session)
    except Exception as error:
        raise RuntimeError("the work has failed") from error
