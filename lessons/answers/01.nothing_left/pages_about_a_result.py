# wrong: which method of a session gives the value itself
from sqlalchemy import text
INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
async def raise_alarm(sessions, title, page):
    async with sessions.begin() as session:
        incident_id = await session.execute(INSERT, {"title": title})
        await page(incident_id)
    return incident_id
