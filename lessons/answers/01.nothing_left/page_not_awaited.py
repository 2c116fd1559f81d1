# wrong: `page`, called in your cell
from sqlalchemy import text
INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
async def raise_alarm(sessions, title, page):
    async with sessions.begin() as session:
        incident_id = await session.scalar(INSERT, {"title": title})
        page(incident_id)
    return incident_id
