# right: `asyncio.wait` waits for tasks, and a `finally` cancels those that are left
import asyncio

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

    tasks = [asyncio.ensure_future(count(status)) for status in statuses]
    try:
        if tasks:
            await asyncio.wait(tasks)
        return {status: task.result() for status, task in zip(statuses, tasks, strict=True)}
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
