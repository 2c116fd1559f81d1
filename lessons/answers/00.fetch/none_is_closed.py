# wrong: what is there to close where nobody was let in
import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = None
    try:
        connection = await asyncpg.connect(url)
        rows = await connection.fetch("SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC")
    finally:
        await connection.close()
    return [row["title"] for row in rows]
