# wrong: who is told that the work has failed?
from sqlalchemy import text

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")


async def raise_alarm(sessions, title, page):
    async with sessions() as session:
        try:
            incident_id = await session.scalar(INSERT, {"title": title})
            await page(incident_id)
            await session.commit()
            return incident_id
        except Exception:
            await session.rollback()
