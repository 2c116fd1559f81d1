# wrong: `AsyncSession.commit`, called in your cell
from sqlalchemy import text
INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")
async def raise_alarm(sessions, title, page):
    async with sessions() as session:
        incident_id = await session.scalar(INSERT, {"title": title})
        await page(incident_id)
        session.commit()
    return incident_id
