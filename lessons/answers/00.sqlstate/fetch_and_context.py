# right: `fetch` in place of `execute`, one variable in place of two returns, and a stack of things to close in place of `finally`
import contextlib

import asyncpg


async def sqlstate(url, sql):
    async with contextlib.AsyncExitStack() as stack:
        connection = await asyncpg.connect(url)
        stack.push_async_callback(connection.close)
        found = None
        try:
            await connection.fetch(sql)
        except asyncpg.exceptions.PostgresError as problem:
            found = problem.sqlstate
    return found
