# wrong: which incidents does your condition let through, and how is their status written?
import asyncpg


async def open_incidents(url: str) -> list[str]:
    """Return the titles of the open incidents, newest first, and leave no connection behind."""
    conn = await asyncpg.connect(url)
    try:
        rows = await conn.fetch(
            "SELECT title FROM incident WHERE status = $1 ORDER BY opened_at DESC", "OPEN"
        )
        return [r["title"] for r in rows]
    finally:
        await conn.close()
