# wrong: Brackets around both: `(await call(…)).fetch`
import asyncpg


async def open_incidents(url: str) -> list[str]:
    rows = await asyncpg.connect(url).fetch(
        "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
    )
    return [row["title"] for row in rows]
