"""A door that opens when all stand before it: the schema, held by a transaction."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg

SECONDS = 40.0
USER = PASSWORD = "nightwatch"
WAITING = "SELECT count(*) >= $1 FROM pg_locks WHERE locktype = 'object' AND NOT granted"


@contextlib.asynccontextmanager
async def door(address: str, number: int) -> AsyncIterator[None]:
    """Hold the schema from before the block until so many wait for it; TimeoutError."""
    url = f"postgresql://{USER}:{PASSWORD}@{address}/{USER}"
    async with contextlib.AsyncExitStack() as stack:
        gate = await _connect(url, stack)
        other = await _connect(url, stack)
        await gate.execute("BEGIN; DROP SCHEMA public")
        yield
        async with asyncio.timeout(SECONDS):
            await _until(other, number)
        await gate.execute("ROLLBACK")


async def _connect(url: str, stack: contextlib.AsyncExitStack) -> "asyncpg.Connection":
    connection = await asyncpg.connect(url, timeout=10)
    stack.callback(connection.terminate)
    return connection


async def _until(connection: "asyncpg.Connection", number: int) -> None:
    while True:
        if await connection.fetchval(WAITING, number):
            return
        await asyncio.sleep(0.05)
