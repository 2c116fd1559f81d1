"""How long the answer was seen to be willing to wait."""

import asyncio
import contextlib
import sys
from collections.abc import Iterator
from typing import Any
from unittest import mock


@contextlib.contextmanager
def recorded_bounds(workspace: str) -> Iterator[list[float]]:
    """The seconds that the learner's own lines give to `asyncio.timeout` and its like meanwhile."""
    seen: list[float] = []
    timeout, wait = asyncio.timeout, asyncio.wait_for  # noqa: TID251 (learners may use it)

    def record(seconds: object) -> None:
        by_learner = sys._getframe(2).f_code.co_filename.startswith(workspace)
        if by_learner and isinstance(seconds, int | float):
            seen.append(seconds)

    def seen_timeout(delay: float | None) -> asyncio.Timeout:
        record(delay)
        return timeout(delay)

    def seen_wait(what: Any, timeout: float | None) -> Any:
        record(timeout)
        return wait(what, timeout)

    with mock.patch.multiple(asyncio, timeout=seen_timeout, wait_for=seen_wait):
        yield seen


def told(seconds: float) -> str:
    """So many seconds, in words."""
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"
