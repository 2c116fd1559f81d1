# wrong: a list of titles, each a string
import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(
            "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
        )
    finally:
        await connection.close()
