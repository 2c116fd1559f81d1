# wrong: does your commit also run when `page` has failed?
from collections.abc import Awaitable, Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
Sessions = async_sessionmaker[AsyncSession]


async def raise_alarm(
    sessions: Sessions, title: str, page: Callable[[int], Awaitable[None]]
) -> int:
    """Store an incident and page somebody about its id; when paging fails, keep no row."""
    async with sessions() as session:
        number = await session.scalar(INSERT, {'title': title})
        try:
            await page(number)
        finally:
            await session.commit()
        return number
