"""A clock that jumps: whoever sleeps, to ask again later, has slept at once."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock


@contextlib.contextmanager
def skipped_sleep(seconds: float, when_over: Callable[[], object]) -> Iterator[list[float]]:
    """Let the first so many seconds of `asyncio.sleep` pass at once, on `time.monotonic` too.

    `when_over` is called once, when they have passed. Later sleeps are short, 0.05 seconds at most:
    who waits for the turn has it soon after it is free. It holds for the whole process, and gives
    a list that has the seconds of each sleep that was asked for.
    """
    asked: list[float] = []
    passed, real_sleep, real_monotonic = 0.0, asyncio.sleep, time.monotonic

    async def sleep(delay: float, result: Any = None) -> Any:
        nonlocal passed
        asked.append(delay)
        if passed >= seconds:
            return await real_sleep(min(delay, 0.05), result)
        passed += delay
        if passed >= seconds:
            when_over()
        return await real_sleep(0, result)

    sleep.__qualname__ = "sleep"  # as Python names it where it was never awaited
    clock = mock.patch.object(time, "monotonic", lambda: real_monotonic() + passed)
    with mock.patch.object(asyncio, "sleep", sleep), clock:
        yield asked
