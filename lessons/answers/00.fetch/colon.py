# wrong: With asyncpg alone a value is `$1`.
import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE status = :status ORDER BY opened_at DESC", "open"
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
