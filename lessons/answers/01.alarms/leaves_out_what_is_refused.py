# wrong: what does the caller believe when the database's own error is dropped?
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
Sessions = async_sessionmaker[AsyncSession]


async def raise_alarms(sessions: Sessions, titles: list[str]) -> list[int]:
    """Store an incident for each title, or none of them; return their ids in this order."""
    ids = []
    async with sessions.begin() as session:
        for title in titles:
            try:
                async with session.begin_nested():
                    ids.append(await session.scalar(INSERT, {"title": title}))
            except Exception:
                pass
    return ids
