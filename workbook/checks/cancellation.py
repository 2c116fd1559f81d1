"""Whether a cancellation reaches the one who asked for it."""

import asyncio
from typing import Any

from workbook.checks.verdict import NotYet


def expect_cancelled(call: str, task: "asyncio.Future[Any]", *, wanted: str, ask: str) -> None:
    """NotYet unless the task, which somebody has cancelled, has ended as cancelled."""
    if not task.cancelled():
        raise NotYet(call, got="the cancellation did not come out", wanted=wanted, ask=ask)
