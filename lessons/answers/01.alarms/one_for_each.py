# wrong: how many units of work are that
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
Sessions = async_sessionmaker[AsyncSession]


async def raise_alarms(sessions: Sessions, titles: list[str]) -> list[int]:
    return [await one(sessions, title) for title in titles]


async def one(sessions: Sessions, title: str) -> int:
    async with sessions.begin() as session:
        return await session.scalar(INSERT, {"title": title})
