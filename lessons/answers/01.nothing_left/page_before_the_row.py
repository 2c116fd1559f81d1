# wrong: before the INSERT, or behind the block
from sqlalchemy import text
INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
async def raise_alarm(sessions, title, page):
    async with sessions.begin() as session:
        await page(1)
        incident_id = await session.scalar(INSERT, {"title": title})
    return incident_id
