# wrong: is no context manager
import asyncpg


async def open_incidents(url: str) -> list[str]:
    """Return the titles of the open incidents, newest first, and leave no connection behind."""
    async with await asyncpg.connect(url) as connection:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
        )
    return [row["title"] for row in rows]
