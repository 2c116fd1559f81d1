# right: commit and rollback are spelt out; the page goes out between the INSERT and the COMMIT
from sqlalchemy import text

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")


async def raise_alarm(sessions, title, page):
    async with sessions() as session:
        incident_id = await session.scalar(INSERT, {"title": title})
        try:
            await page(incident_id)
        except BaseException:
            await session.rollback()
            raise
        await session.commit()
        return incident_id
