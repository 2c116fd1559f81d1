# wrong: two tasks speak on one connection
import asyncio, asyncpg
async def count_by_status(url, statuses):
    connection = await asyncpg.connect(url)
    try:
        counts = await asyncio.gather(*(connection.fetchval("SELECT count(*) FROM incident WHERE status = $1", s) for s in statuses))
    finally:
        await connection.close()
    return dict(zip(statuses, counts))
