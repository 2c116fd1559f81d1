# wrong: asyncpg takes the values one by one
import asyncpg


async def open_incidents(url: str) -> list[str]:
    """Return the titles of the open incidents, newest first, and leave no connection behind."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE status = $1 ORDER BY opened_at DESC", ["open"]
        )
        return [row["title"] for row in rows]
    finally:
        await connection.close()
