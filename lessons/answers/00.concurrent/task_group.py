# right: a task group instead of `gather`; one `create_pool` opens and closes the connections
import asyncio

import asyncpg


async def count_by_status(url, statuses):
    if not statuses:
        return {}
    sql = "SELECT count(*) FROM incident WHERE status = $1"
    async with asyncpg.create_pool(url, min_size=0, max_size=len(statuses)) as pool:
        async with asyncio.TaskGroup() as group:
            tasks = {each: group.create_task(pool.fetchval(sql, each)) for each in statuses}
    return {each: task.result() for each, task in tasks.items()}
