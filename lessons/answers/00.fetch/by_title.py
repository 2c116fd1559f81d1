# wrong: which column says when an incident was opened
import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE status = 'open' ORDER BY title"
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
