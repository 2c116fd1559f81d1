# wrong: which line ends before it has seen every row
import asyncpg
async def open_incidents(url):
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC")
        for r in rows:
            return [r["title"]]
    finally:
        await connection.close()
