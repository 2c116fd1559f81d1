# wrong: `async with` was given a coroutine
import asyncpg
async def open_incidents(url):
    async with asyncpg.connect(url) as connection:
        rows = await connection.fetch("SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC")
        return [r["title"] for r in rows]
