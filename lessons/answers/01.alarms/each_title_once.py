# wrong: may two alarms have the same title
from sqlalchemy import text

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")


async def raise_alarms(sessions, titles):
    async with sessions.begin() as session:
        ids = {title: await session.scalar(INSERT, {"title": title}) for title in dict.fromkeys(titles)}
    return list(ids.values())
