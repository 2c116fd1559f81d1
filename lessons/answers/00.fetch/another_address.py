# wrong: to which address does your code connect: to the one that the caller gives?
import os

import asyncpg


async def open_incidents(url: str) -> list[str]:
    connection = await asyncpg.connect(os.environ.get("DATABASE_URL", "").replace("+asyncpg", ""))
    try:
        rows = await connection.fetch(
            "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
        )
    finally:
        await connection.close()
    return [row["title"] for row in rows]
