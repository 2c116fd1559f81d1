# wrong: is that a list, or one text that looks like a list?
import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC")
    finally:
        await connection.close()
    return str([r["title"] for r in rows])
