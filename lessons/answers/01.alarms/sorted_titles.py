# wrong: of which title is the first of them?
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
Sessions = async_sessionmaker[AsyncSession]


async def raise_alarms(sessions: Sessions, titles: list[str]) -> list[int]:
    async with sessions.begin() as session:
        return [await session.scalar(INSERT, {"title": title}) for title in sorted(set(titles))]
