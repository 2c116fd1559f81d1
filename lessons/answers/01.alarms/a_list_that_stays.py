# wrong: which list or dictionary of yours outlives its call?
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
Sessions = async_sessionmaker[AsyncSession]


async def raise_alarms(sessions: Sessions, titles: list[str], ids: list[int] = []) -> list[int]:
    """Store an incident for each title, or none of them; return their ids in this order."""
    async with sessions.begin() as session:
        for title in titles:
            ids.append(await session.scalar(INSERT, {"title": title}))
    return ids
