# wrong: who decides which database the alarm is written to?
import os

from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")


async def raise_alarm(sessions, title, page):
    engine = create_async_engine(os.environ["DATABASE_URL"])
    async with async_sessionmaker(engine).begin() as session:
        incident_id = await session.scalar(INSERT, {"title": title})
        await page(incident_id)
    await engine.dispose()
    return incident_id
