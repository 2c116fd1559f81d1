# wrong: for which status has each of your calls asked
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
    calls = [lambda: count(status) for status in statuses]
    counts = await asyncio.gather(*[call() for call in calls])
    return dict(zip(statuses, counts, strict=True))
