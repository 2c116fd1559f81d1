# wrong: `Connection.close`, called in your cell
import asyncio, asyncpg
async def count_by_status(url, statuses):
    async def count(status):
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval("SELECT count(*) FROM incident WHERE status = $1", status)
        finally:
            connection.close()
    counts = await asyncio.gather(*(count(s) for s in statuses))
    return dict(zip(statuses, counts))
