# wrong: how many can your code have under way at once
import asyncio

import asyncpg


async def count_by_status(url: str, statuses: list[str]) -> dict[str, int]:
    async with asyncpg.create_pool(url, min_size=1, max_size=5) as pool:
        async def count(status: str) -> int:
            async with pool.acquire() as connection:
                return await connection.fetchval(
                    "SELECT count(*) FROM incident WHERE status = $1", status
                )

        counts = await asyncio.gather(*(count(status) for status in statuses))
    return dict(zip(statuses, counts, strict=True))
