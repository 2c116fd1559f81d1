# wrong: which count belongs to which status?
import asyncio

import asyncpg


async def count_by_status(url, statuses):
    async def count(status):
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(
                "SELECT count(*) FROM incident WHERE status = $1", status
            )
        finally:
            await connection.close()

    waiting = [count(status) for status in statuses]
    counts = [await each for each in asyncio.as_completed(waiting)]
    return dict(zip(statuses, counts, strict=True))
