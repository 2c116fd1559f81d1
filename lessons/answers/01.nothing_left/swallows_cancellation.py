# wrong: who must know that the work was stopped?
import asyncio

from sqlalchemy import text

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")


async def raise_alarm(sessions, title, page):
    try:
        async with sessions.begin() as session:
            incident_id = await session.scalar(INSERT, {"title": title})
            await page(incident_id)
    except asyncio.CancelledError:
        return 0
    return incident_id
