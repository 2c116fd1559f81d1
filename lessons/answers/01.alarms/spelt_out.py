# right: the commit is spelt out behind the loop; whoever adds a line below it works outside of the unit
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
Sessions = async_sessionmaker[AsyncSession]


async def raise_alarms(sessions: Sessions, titles: list[str]) -> list[int]:
    async with sessions() as session:
        ids = [await session.scalar(INSERT, {"title": title}) for title in titles]
        await session.commit()
    return ids
