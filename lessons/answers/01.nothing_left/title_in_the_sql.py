# wrong: A colon within a text of the SQL begins a parameter
from sqlalchemy import text


async def raise_alarm(sessions, title, page):
    async with sessions.begin() as session:
        sql = text(f"INSERT INTO incident (title) VALUES ('{title}') RETURNING id")
        incident_id = await session.scalar(sql)
        await page(incident_id)
    return incident_id
