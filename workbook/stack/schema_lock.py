"""The schema of a database, held until so many wait for it: then all go on at the same moment."""

import contextlib
from collections.abc import AsyncIterator

import asyncpg

from workbook.base.waiting import eventually

SECONDS = 40.0
USER = PASSWORD = "nightwatch"
WAITING = "SELECT count(*) >= $1 FROM pg_locks WHERE locktype = 'object' AND NOT granted"


@contextlib.asynccontextmanager
async def held(host: str, port: int, until_waiting: int) -> AsyncIterator[None]:
    """Hold the schema from before the block until so many wait for it; TimeoutError."""
    async with contextlib.AsyncExitStack() as stack:
        holder = await _connect(host, port, stack)
        other = await _connect(host, port, stack)
        await holder.execute("BEGIN; DROP SCHEMA public")
        yield
        all_wait = await eventually(
            lambda: other.fetchval(WAITING, until_waiting, timeout=10), SECONDS, interval=0.05
        )
        if not all_wait:
            raise TimeoutError(f"no {until_waiting} sessions wait for the schema")
        await holder.execute("ROLLBACK")


async def _connect(host: str, port: int, stack: contextlib.AsyncExitStack) -> "asyncpg.Connection":
    connection = await asyncpg.connect(
        host=host, port=port, user=USER, password=PASSWORD, database=USER, timeout=10
    )
    stack.callback(connection.terminate)
    return connection
