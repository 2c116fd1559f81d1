# wrong: does each connection get closed
import asyncio

import asyncpg

keep = []


async def count_by_status(url: str, statuses: list[str]) -> dict[str, int]:
    async def count(status: str) -> int:
        connection = await asyncpg.connect(url)
        keep.append(connection)
        return await connection.fetchval("SELECT count(*) FROM incident WHERE status = $1", status)

    counts = await asyncio.gather(*(count(status) for status in statuses))
    return dict(zip(statuses, counts))
