# wrong: who says how long a title may be?
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
Sessions = async_sessionmaker[AsyncSession]


async def raise_alarms(sessions: Sessions, titles: list[str]) -> list[int]:
    """Store an incident for each title, or none of them; return their ids in this order."""
    async with sessions.begin() as session:
        return [await session.scalar(INSERT, {"title": title[:50]}) for title in titles]
