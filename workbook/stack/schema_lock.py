"""The schema of a database, held until so many wait for it: then all go on at the same moment."""

import contextlib
from collections.abc import AsyncIterator

import asyncpg

from workbook.base.waiting import eventually

SECONDS = 40.0
USER = PASSWORD = "nightwatch"
WAITING = "SELECT count(*) >= $1 FROM pg_locks WHERE locktype = 'object' AND NOT granted"


@contextlib.asynccontextmanager
async def held(address: str, until_waiting: int) -> AsyncIterator[None]:
    """Hold the schema from before the block until so many wait for it; TimeoutError."""
    url = f"postgresql://{USER}:{PASSWORD}@{address}/{USER}"
    async with contextlib.AsyncExitStack() as stack:
        holder = await _connect(url, stack)
        other = await _connect(url, stack)
        await holder.execute("BEGIN; DROP SCHEMA public")
        yield
        all_wait = await eventually(
            lambda: other.fetchval(WAITING, until_waiting, timeout=10), SECONDS, interval=0.05
        )
        if not all_wait:
            raise TimeoutError(f"no {until_waiting} sessions wait for the schema")
        await holder.execute("ROLLBACK")


async def _connect(url: str, stack: contextlib.AsyncExitStack) -> "asyncpg.Connection":
    connection = await asyncpg.connect(url, timeout=10)
    stack.callback(connection.terminate)
    return connection
