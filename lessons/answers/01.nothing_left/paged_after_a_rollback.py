# wrong: no transaction holds a row of this alarm
from sqlalchemy import text

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")


async def raise_alarm(sessions, title, page):
    async with sessions() as session:
        incident_id = await session.scalar(INSERT, {"title": title})
    await page(incident_id)
    async with sessions.begin() as session:
        incident_id = await session.scalar(INSERT, {"title": title})
    return incident_id
