# wrong: another operation is in progress
import asyncio

import asyncpg


async def count_by_status(url: str, statuses: list[str]) -> dict[str, int]:
    connection = await asyncpg.connect(url)
    counts = await asyncio.gather(
        *(
            connection.fetchval("SELECT count(*) FROM incident WHERE status = $1", status)
            for status in statuses
        )
    )
    await connection.close()
    return dict(zip(statuses, counts))
