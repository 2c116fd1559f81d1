# wrong: how many conversations does the connection of one session carry
import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
Sessions = async_sessionmaker[AsyncSession]


async def raise_alarms(sessions: Sessions, titles: list[str]) -> list[int]:
    async with sessions.begin() as session:
        return list(
            await asyncio.gather(*(session.scalar(INSERT, {"title": each}) for each in titles))
        )
