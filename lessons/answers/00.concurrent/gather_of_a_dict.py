# wrong: `gather` takes what it waits for one by one
import asyncio, asyncpg
async def count_by_status(url, statuses):
    async def count(status):
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval("SELECT count(*) FROM incident WHERE status = $1", status)
        finally:
            await connection.close()
    return await asyncio.gather({s: count(s) for s in statuses})
