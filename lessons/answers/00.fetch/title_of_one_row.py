# wrong: which line leaves the other rows out?
import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
        )
        for row in rows:
            return row["title"]
    finally:
        await connection.close()
