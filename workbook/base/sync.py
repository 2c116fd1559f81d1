"""Run asyncpg work on an event loop of its own: from plain functions, and beside a learner's."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_coroutine(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run the coroutine to its end on an event loop of its own, in a thread of its own."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()


async def beside(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run the coroutine on an event loop of its own, which no cell of a learner can hold up.

    A connection that is halfway through its login makes every DROP DATABASE of the server wait
    until it goes on, for as long as authentication_timeout allows.
    """
    return await asyncio.to_thread(lambda: asyncio.run(work()))
