# wrong: what does `str` make of a record
import asyncpg


async def open_incidents(url: str) -> list[str]:
    """Return the titles of the open incidents, newest first, and leave no connection behind."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
        )
        return [str(row) for row in rows]
    finally:
        await connection.close()
