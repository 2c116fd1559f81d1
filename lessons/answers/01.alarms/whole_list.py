# wrong: how many titles does one `:title` take?
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
Sessions = async_sessionmaker[AsyncSession]


async def raise_alarms(sessions: Sessions, titles: list[str]) -> list[int]:
    ids = []
    async with sessions.begin() as session:
        ids.append(await session.scalar(INSERT, {"title": titles}))
    return ids
