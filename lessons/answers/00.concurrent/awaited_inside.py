# wrong: got something else: the result of a call that was awaited already
import asyncio

import asyncpg


async def count_by_status(url: str, statuses: list[str]) -> dict[str, int]:
    """Return how many incidents have each status, all counted at the same time."""

    async def count(status: str) -> int:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(
                "SELECT count(*) FROM incident WHERE status = $1", status
            )
        finally:
            await connection.close()

    counts = await asyncio.gather(*[await count(status) for status in statuses])
    return dict(zip(statuses, counts, strict=True))
