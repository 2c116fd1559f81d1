# wrong: a task of it still runs: 
import asyncio

from sqlalchemy import text

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
tasks = []


async def raise_alarm(sessions, title, page):
    async with sessions.begin() as session:
        incident_id = await session.scalar(INSERT, {"title": title})
        tasks.append(asyncio.create_task(page(incident_id)))
    return incident_id
