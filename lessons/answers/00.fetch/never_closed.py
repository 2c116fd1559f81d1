# wrong: who closes the connection, and when?
import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    keep.append(connection)
    rows = await connection.fetch(
        "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
    )
    return [row["title"] for row in rows]


keep = []
