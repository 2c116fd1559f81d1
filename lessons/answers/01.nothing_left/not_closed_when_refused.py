# wrong: where a constraint refuses the row
from sqlalchemy import text

INSERT = text("INSERT INTO incident (title) VALUES (:title) RETURNING id")


async def raise_alarm(sessions, title, page):
    session = sessions()
    incident_id = await session.scalar(INSERT, {"title": title})
    try:
        await page(incident_id)
        await session.commit()
    except BaseException:
        await session.rollback()
        raise
    finally:
        await session.close()
    return incident_id
