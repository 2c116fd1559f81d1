# wrong: what runs on success and on error alike?
import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
    )
    await connection.close()
    return [row["title"] for row in rows]
