# wrong: who waits for a task that was only started?
import asyncio

import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
        )
    finally:
        asyncio.create_task(connection.close())
    return [row["title"] for row in rows]
