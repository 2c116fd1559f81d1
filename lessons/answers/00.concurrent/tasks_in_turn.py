# wrong: whom does a cancellation reach
import asyncio, asyncpg
async def count_by_status(url, statuses):
    async def count(status):
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval("SELECT count(*) FROM incident WHERE status = $1", status)
        finally:
            await connection.close()
    tasks = {s: asyncio.create_task(count(s)) for s in statuses}
    return {s: await t for s, t in tasks.items()}
