# wrong: what does `.reverse(…)` give back
import asyncpg
from contextlib import closing


async def open_incidents(url: str) -> list[str]:
    """Return the titles of the open incidents, newest first, and leave no connection behind."""
    conn = await asyncpg.connect(dsn=url)
    try:
        titles = []
        for record in await conn.fetch(
            "SELECT title, opened_at FROM incident WHERE status = $1 ORDER BY opened_at ASC", "open"
        ):
            titles.append(record[0])
        return titles.reverse()
    finally:
        await conn.close()
