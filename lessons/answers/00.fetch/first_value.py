# wrong: which method gives every row, and which one the first row or its first value only?
import asyncpg


async def open_incidents(url: str) -> list[str]:
    """Return the titles of the open incidents, newest first, and leave no connection behind."""
    connection = await asyncpg.connect(url)
    try:
        title = await connection.fetchval(
            "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
        )
        return [title]
    finally:
        await connection.close()
