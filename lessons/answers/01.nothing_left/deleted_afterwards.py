# wrong: everybody sees the row already
from sqlalchemy import text

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")


async def raise_alarm(sessions, title, page):
    async with sessions() as session:
        incident_id = await session.scalar(INSERT, {"title": title})
        await session.commit()
        try:
            await page(incident_id)
        except Exception:
            await session.execute(text("DELETE FROM incident WHERE id = :id"), {"id": incident_id})
            await session.commit()
            raise
    return incident_id
