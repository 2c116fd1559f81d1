# wrong: how many can your code have under way at once
import asyncio

import asyncpg


async def count_by_status(url: str, statuses: list[str]) -> dict[str, int]:
    limit = asyncio.Semaphore(5)
    async def count(status: str) -> int:
        async with limit:
            connection = await asyncpg.connect(url)
            try:
                return await connection.fetchval(
                    "SELECT count(*) FROM incident WHERE status = $1", status
                )
            finally:
                await connection.close()

    counts = await asyncio.gather(*(count(status) for status in statuses))
    return dict(zip(statuses, counts, strict=True))
