# wrong: is each element of the list a title, or something that holds one?
import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC")
    finally:
        await connection.close()
    return [dict(r) for r in rows]
