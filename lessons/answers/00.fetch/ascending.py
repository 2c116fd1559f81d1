# wrong: which direction is newest first?
import asyncpg
async def open_incidents(url):
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at")
        return [r["title"] for r in rows]
    finally:
        await connection.close()
