# wrong: how many units of work are that
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
Sessions = async_sessionmaker[AsyncSession]


async def raise_alarms(sessions: Sessions, titles: list[str]) -> list[int]:
    ids = []
    try:
        for title in titles:
            async with sessions.begin() as session:
                ids.append(await session.scalar(INSERT, {"title": title}))
    except Exception:
        async with sessions.begin() as session:
            for each in ids:
                await session.execute(text("DELETE FROM incident WHERE id = :id"), {"id": each})
        raise
    return ids
