# wrong: which ids does the caller get
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
Sessions = async_sessionmaker[AsyncSession]


async def raise_alarms(sessions: Sessions, titles: list[str]) -> list[int]:
    async with sessions.begin() as session:
        first = await session.scalar(INSERT, {"title": titles[0]}) if titles else 0
        for title in titles[1:]:
            await session.execute(INSERT, {"title": title})
    return [first + n for n in range(len(titles))]
