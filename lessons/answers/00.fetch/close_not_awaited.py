# wrong: `Connection.close`, called in your cell
import asyncpg
async def open_incidents(url):
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC")
        return [r["title"] for r in rows]
    finally:
        connection.close()
