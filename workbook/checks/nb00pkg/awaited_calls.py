"""What the checkers of notebook 00 ask of a call: its value, its error, what it leaves behind."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from workbook.checks.answer import Answer, show
from workbook.checks.verdict import NotYet


async def called(call: str, result: Any) -> Any:
    """What a call gives once awaited; NotYet when it cannot be, or has not ended by then."""
    if not inspect.isawaitable(result):
        ask = "is it still `async def`?"
        if inspect.isasyncgen(result):
            ask = "what does `yield` make of an `async def`?"
        raise NotYet(
            call,
            f"it returned {show(result)}, which cannot be awaited",
            "an async function",
            ask,
        )
    awaitable: Awaitable[Any] = result
    ours = asyncio.all_tasks()
    value = await awaitable
    left = asyncio.all_tasks() - ours
    if inspect.iscoroutine(value):
        value.close()
        raise NotYet(
            call,
            "it returned a coroutine: a question that was never asked",
            "its answer",
            "which call has no `await` before it?",
        )
    _all_ended(call, left)
    return value


def _all_ended(call: str, left: set[asyncio.Task[Any]]) -> None:
    """A task that outlives its call is waited for by nobody: it may fail unseen, or never run."""
    if left:
        begun = next(iter(left)).get_coro()
        name = getattr(begun, "__qualname__", "something").split(".<locals>.")[-1]
        raise NotYet(
            call,
            f"it returned while its task `{name}` was still to be done",
            "everything done when it returns",
            "who waits for a task that was only started?",
        )


async def nothing_open(answer: Answer, call: str, ask: str) -> None:
    """NotYet with this question when the call has left a connection open."""
    if left := await answer.left_open():
        raise NotYet(
            call, f"it left {left} connection{'s' if left > 1 else ''} open", "none left open", ask
        )


async def raises(
    call: str, running: Any, error: type[Exception] | tuple[type[Exception], ...], why: list[str]
) -> None:
    """The call fails with its own error; `why` is what was wanted, and the question to ask."""
    wanted, ask = why
    try:
        happened = f"it returned {show(await running)}"
    except error:
        return
    except UnboundLocalError as problem:
        happened = f"it raised {type(problem).__name__}: {problem}"
        ask = "which line had not finished when `finally` ran?"
    except Exception as problem:
        happened = f"it raised {type(problem).__name__}"
    raise NotYet(call, happened, wanted, ask)


NOWHERE = "postgresql://nobody@127.0.0.1:1/nowhere"
"""An address where nobody listens."""


def stranger(url: str) -> str:
    """The same server, for a user that it does not know: refused whatever its rules of login."""
    where = urlsplit(url)
    return where._replace(netloc=f"stranger:swordfish@{where.netloc.rpartition('@')[2]}").geturl()


_WAIT = """
SELECT count(*) >= $1 FROM pg_locks WHERE NOT granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@asynccontextmanager
async def held(
    answer: Answer, running: Any, queries: int
) -> AsyncIterator[tuple["asyncpg.Connection", asyncio.Future[Any]]]:
    """The call, begun, with its queries inside the server: they wait for a lock of ours."""
    locker = await asyncpg.connect(answer.observer_url)
    try:
        await locker.execute("BEGIN; LOCK TABLE incident")
        task = asyncio.ensure_future(running)
        await _until(answer, _WAIT, queries)
        yield locker, task
    finally:
        await locker.close()


async def cancelled(answer: Answer, call: str, running: Any, queries: int = 1) -> None:
    """Cancel the call while its queries wait: all of it ends, and nothing is open."""
    call = f"{call}, cancelled while it waits"
    ours = asyncio.all_tasks()
    async with held(answer, running, queries) as (_, task):
        task.cancel()
        await asyncio.wait([task], timeout=2)
        _came_out(call, task)
        if await others_end(ours):  # while the lock is held: what still waits for it has not ended
            raise NotYet(
                call,
                "a query of its own went on waiting",
                "nothing that goes on after a cancellation",
                "whom does a cancellation reach: who waits, or also what is waited for?",
            )
    ask = "what runs on success, on error and on cancellation alike?"
    await nothing_open(answer, call, ask)


def _came_out(call: str, task: asyncio.Future[Any]) -> None:
    if not task.done() or not task.cancelled():
        raise NotYet(
            call,
            "the cancellation did not come out",
            "CancelledError, so that whoever cancelled knows",
            "which errors did PostgreSQL send, and which are none of yours?",
        )


async def others_end(ours: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Wait at most two seconds for the tasks that are not ours; those that still run come back."""
    others = asyncio.all_tasks() - ours
    return (await asyncio.wait(others, timeout=2))[1] if others else set()


async def _until(answer: Answer, question: str, *values: object) -> None:
    for _ in range(200):
        if await answer.observer.fetchval(question, *values):
            return
        await asyncio.sleep(0.01)
