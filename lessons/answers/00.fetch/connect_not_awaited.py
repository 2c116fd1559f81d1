# wrong: `connect`, called in your cell
import asyncpg
async def open_incidents(url):
    connection = asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC")
        return [r["title"] for r in rows]
    finally:
        await connection.close()
