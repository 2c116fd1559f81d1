# wrong: nobody was paged
from sqlalchemy import text

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")


async def raise_alarm(sessions, title, page):
    async with sessions.begin() as session:
        return await session.scalar(INSERT, {"title": title})
