# wrong: who shares a session?
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")
shared = session_factory()


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""
    try:
        result = await work(shared)
        await shared.commit()
        return result
    except BaseException:
        await shared.rollback()
        raise
