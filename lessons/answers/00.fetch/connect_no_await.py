# wrong: 'coroutine' object has no attribute 'fetch'
import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = asyncpg.connect(url)
    rows = await connection.fetch("SELECT title FROM incident WHERE status = 'open'")
    return [row["title"] for row in rows]
