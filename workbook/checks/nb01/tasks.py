"""What a unit of work leaves to the event loop: no task, and no coroutine that nobody awaits."""

import asyncio
from typing import Any

from workbook.checks import cancellation
from workbook.checks.answer import Answer
from workbook.checks.verdict import NotYet


def expect_no_task_left(left: "set[asyncio.Task[Any]]", call: str) -> None:
    """NotYet with their names where tasks that the call began still run; `left` are those."""
    if left:
        names = sorted(getattr(each.get_coro(), "__qualname__", "") for each in left)
        raise NotYet.looked_at(
            f"the tasks, after {call}",
            got=f"a task of it still runs: {', '.join(names)}",
            wanted="nothing that goes on behind the caller's back",
            ask="who waits for a task that you created, and who hears of its error?",
        )


async def expect_all_awaited(answer: Answer) -> None:
    """No coroutine was made and then forgotten."""
    if answer.never_awaited():
        raise NotYet(
            f"{answer.names[0]}(…)",
            got="Python warns of a call that was never awaited",
            wanted="every call awaited",
        )


def expect_cancelled(call: str, task: "asyncio.Task[Any]") -> None:
    """Whoever cancels the unit of work gets to know that it was stopped."""
    ask = "who must know that the work was stopped?"
    cancellation.expect_cancelled(call, task, wanted="CancelledError", ask=ask)
