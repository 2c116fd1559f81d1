# wrong: which line waits without an `await`?
import asyncio
from concurrent.futures import ThreadPoolExecutor

import asyncpg


async def count_by_status(url: str, statuses: list[str]) -> dict[str, int]:
    async def count(status: str) -> int:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(
                "SELECT count(*) FROM incident WHERE status = $1", status
            )
        finally:
            await connection.close()

    with ThreadPoolExecutor(max_workers=len(statuses) or 1) as pool:
        counts = list(pool.map(lambda status: asyncio.run(count(status)), statuses))
    return dict(zip(statuses, counts, strict=True))
