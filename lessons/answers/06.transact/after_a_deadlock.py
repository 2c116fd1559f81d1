# right: it runs again after the codes 40P01 and 40001, three times at most, and after nothing else
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result."""
    for attempt in range(3):
        try:
            async with session_factory.begin() as session:
                return await work(session)
        except DBAPIError as error:
            if attempt == 2 or getattr(error.orig, "sqlstate", "") not in ("40001", "40P01"):
                raise
    raise AssertionError("not reached")
