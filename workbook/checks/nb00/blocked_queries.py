"""Calls whose queries wait inside the server for a lock of ours, and what becomes of them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from workbook.checks import busy
from workbook.checks.answer import Answer
from workbook.checks.cancellation import expect_cancelled
from workbook.checks.nb00.awaited_calls import expect_nothing_open
from workbook.checks.verdict import NotYet

_ALL_WAIT = """
SELECT count(*) >= $1 FROM pg_locks WHERE NOT granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@asynccontextmanager
async def blocked_call(
    answer: Answer, running: Awaitable[Any], queries: int
) -> AsyncIterator[tuple["asyncpg.Connection", asyncio.Future[Any]]]:
    """Begin the call, and hold so many of its queries inside the server by a lock on `incident`.

    Gives the connection that has the lock, and the task of the call. After two seconds it goes on
    with fewer queries, too.
    """
    locker = await asyncpg.connect(answer.observer_url)
    try:
        await locker.execute("BEGIN; LOCK TABLE incident")
        task = asyncio.ensure_future(running)
        await busy.eventually(
            lambda: answer.observer.fetchval(_ALL_WAIT, queries), 2, interval=0.01
        )
        yield locker, task
    finally:
        await locker.close()


async def expect_cancellable(
    answer: Answer, call: str, running: Awaitable[Any], queries: int = 1
) -> None:
    """Cancel the call while its queries wait: all of it ends, and nothing is open."""
    call = f"{call}, cancelled while it waits"
    before = asyncio.all_tasks()
    async with blocked_call(answer, running, queries) as (_, task):
        task.cancel()
        await asyncio.wait([task], timeout=2)
        expect_cancelled(
            call,
            task,
            wanted="CancelledError, so that whoever cancelled knows",
            ask=_what_held_it(answer),
        )
        await _no_query_waits(answer, call, before)
    ask = "what runs on success, on error and on cancellation alike?"
    await expect_nothing_open(answer, call, ask)


def _what_held_it(answer: Answer) -> str:
    """The question that leads to what a cancellation did not get past."""
    if answer.returns_in_finally():
        return "what does a `return` in a `finally` do to an error that is on its way out?"
    return "which errors did PostgreSQL send, and which are none of yours?"


async def _no_query_waits(answer: Answer, call: str, before: set[asyncio.Task[Any]]) -> None:
    """Asked while the lock is held: what still waits for it then has not ended.

    The server is asked too: no task of this event loop stands for a query of another thread.
    """

    async def none_waits() -> bool:
        return not await answer.observer.fetchval(_ALL_WAIT, 1)

    if await wait_for_tasks_since(before) or not await busy.eventually(
        none_waits, 2, interval=0.01
    ):
        raise NotYet(
            call,
            got="a query of its own went on waiting",
            wanted="nothing that goes on after a cancellation",
            ask="whom does a cancellation reach: who waits, or also what is waited for?",
        )


async def wait_for_tasks_since(before: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Wait at most two seconds for the tasks that were not there before; those that still run."""
    others = asyncio.all_tasks() - before
    return (await asyncio.wait(others, timeout=2))[1] if others else set()
