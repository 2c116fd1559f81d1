# wrong: the right counts, from 1 query
import asyncio, asyncpg
async def count_by_status(url, statuses):
    if not statuses: return {}
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT status, count(*) FROM incident GROUP BY status")
    finally:
        await connection.close()
    found = {r[0]: r[1] for r in rows}
    return {s: found.get(s, 0) for s in statuses}
