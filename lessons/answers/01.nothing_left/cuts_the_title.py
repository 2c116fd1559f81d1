# wrong: who says how long a title may be?
from sqlalchemy import text

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")


async def raise_alarm(sessions, title, page):
    async with sessions.begin() as session:
        incident_id = await session.scalar(INSERT, {"title": title[:50]})
        await page(incident_id)
    return incident_id
