# wrong: does the last query start before the first has answered?
import asyncio

import asyncpg


async def count_by_status(url, statuses):
    connections = await asyncio.gather(*(asyncpg.connect(url) for _ in statuses))
    sql = "SELECT count(*) FROM incident WHERE status = $1"
    try:
        return {s: await c.fetchval(sql, s) for c, s in zip(connections, statuses, strict=True)}
    finally:
        await asyncio.gather(*(c.close() for c in connections))
