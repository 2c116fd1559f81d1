# wrong: whose list is that
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
Sessions = async_sessionmaker[AsyncSession]


async def raise_alarms(sessions: Sessions, titles: list[str]) -> list[int]:
    ids = []
    async with sessions.begin() as session:
        while titles:
            ids.append(await session.scalar(INSERT, {"title": titles.pop(0)}))
    return ids
