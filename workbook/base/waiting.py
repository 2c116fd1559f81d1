"""Waiting for something to come true: bounded, and counted on the monotonic clock."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


async def eventually(
    probe: Callable[[], Awaitable[T]], timeout: float, interval: float = 0.02
) -> T:
    """The first true answer of a probe that is asked again and again.

    After `timeout` seconds it is the last answer, which is false. The probe is asked at least once;
    `interval` is the pause between two questions, in seconds.
    """
    deadline = time.monotonic() + timeout
    while not (answer := await probe()) and time.monotonic() < deadline:  # noqa: ASYNC110 (others tell no event)
        await asyncio.sleep(interval)
    return answer


def eventually_sync(probe: Callable[[], T], timeout: float, interval: float = 0.02) -> T:
    """The same for a probe that is a plain function; it blocks the thread."""
    deadline = time.monotonic() + timeout
    while not (answer := probe()) and time.monotonic() < deadline:
        time.sleep(interval)
    return answer


async def cancel_and_wait(task: "asyncio.Task[Any]", interval: float = 12.0) -> None:
    """Cancel a task until it has ended; what it ended with stays with it.

    Once is not enough: `asyncio.wait_for`, up to Python 3.11, loses a cancellation that comes as
    what it waits for is done, and the task goes on. `interval`, in seconds, is longer than what a
    task may need to clean up, which a second cancellation would interrupt.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=interval)
    if not task.cancelled():
        task.exception()  # it was looked at: asyncio does not complain of it
