# wrong: Select the column too, or leave DISTINCT out
import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT DISTINCT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
