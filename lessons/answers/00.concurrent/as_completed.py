# wrong: which count belongs to which status?
import asyncio

import asyncpg


async def count_by_status(url, statuses):
    async def count(position, status):
        await asyncio.sleep(0.05 * position)  # one connection after the other, in this order
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(
                "SELECT count(*) FROM incident WHERE status = $1", status
            )
        finally:
            await connection.close()

    waiting = [count(position, status) for position, status in enumerate(statuses)]
    counts = [await each for each in asyncio.as_completed(waiting)]
    return dict(zip(statuses, counts, strict=True))
