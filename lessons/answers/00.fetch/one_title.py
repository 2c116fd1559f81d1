# wrong: which method gives one value
import asyncpg
async def open_incidents(url):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC")
    finally:
        await connection.close()
