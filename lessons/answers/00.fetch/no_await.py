# wrong: a question that was never asked
import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    return connection.fetch("SELECT title FROM incident WHERE status = 'open'")
