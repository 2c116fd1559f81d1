# wrong: count_by_status(url, [])
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

    tasks = {status: asyncio.create_task(count(status)) for status in statuses}
    await asyncio.wait(tasks.values())
    return {status: task.result() for status, task in tasks.items()}
