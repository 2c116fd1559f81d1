# wrong: whose commit sends what was added: the session's?
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""
    async with engine.begin() as connection:
        session = AsyncSession(connection, expire_on_commit=False)
        return await work(session)
