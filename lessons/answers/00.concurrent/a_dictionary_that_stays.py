# wrong: which list or dictionary of yours outlives its call?
import asyncio

import asyncpg


COUNTS: dict[str, int] = {}


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

    async with asyncio.TaskGroup() as group:
        tasks = {status: group.create_task(count(status)) for status in statuses}
    COUNTS.update({status: task.result() for status, task in tasks.items()})
    return COUNTS
