# right: every step by hand: nothing is hidden, and four lines have to be right instead of one
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result."""
    session = session_factory()
    try:
        result = await work(session)
        await session.commit()
        return result
    except BaseException:
        await session.rollback()
        raise
    finally:
        await session.close()
