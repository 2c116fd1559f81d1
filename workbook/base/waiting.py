"""Waiting for something to come true: bounded, and counted on the monotonic clock."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

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
