# wrong: they are in the order of the alphabet: which line of Python put them there?
import asyncpg


async def open_incidents(url: str) -> list[str]:
    """Return the titles of the open incidents, newest first, and leave no connection behind."""
    own = await asyncpg.connect(url)
    try:
        rows = await own.fetch(
            "SELECT title FROM incident WHERE status = $1 ORDER BY opened_at DESC", "open"
        )
        return sorted(row["title"] for row in rows)
    finally:
        await own.close()
