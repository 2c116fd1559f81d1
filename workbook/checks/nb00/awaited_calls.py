"""What the checkers of notebook 00 ask of a call: its value, its error, what it leaves behind."""

import asyncio
import inspect
from collections.abc import Awaitable
from typing import Any

from workbook.checks.answer import Answer, show
from workbook.checks.calling import calling
from workbook.checks.messages import message
from workbook.checks.verdict import NotYet


async def result_of(call: str, returned: Any, ask_of_tasks: str = "") -> Any:
    """The value of what a call returned, once awaited.

    NotYet when it cannot be awaited, gives a coroutine in its turn, or leaves a task behind, for
    which there may be another question.
    """
    if not inspect.isawaitable(returned):
        raise _cannot_be_awaited(call, returned)
    awaitable: Awaitable[Any] = returned
    before = asyncio.all_tasks()
    with calling(call):
        value = await awaitable
    left = asyncio.all_tasks() - before
    if inspect.iscoroutine(value):
        value.close()
        raise NotYet(
            call,
            got="it returned a coroutine: a question that was never asked",
            wanted="its answer",
            ask="which call has no `await` before it?",
        )
    _all_ended(call, left, ask_of_tasks or "who waits for a task that was only started?")
    return value


def _cannot_be_awaited(call: str, returned: Any) -> NotYet:
    ask = "is it still `async def`?"
    if inspect.isasyncgen(returned):
        ask = "what does `yield` make of an `async def`?"
    return NotYet(
        call,
        got=f"it returned {show(returned)}, which cannot be awaited",
        wanted="an async function",
        ask=ask,
    )


def _all_ended(call: str, left: set[asyncio.Task[Any]], ask: str) -> None:
    """A task that outlives its call is waited for by nobody: it may fail unseen, or never run."""
    if left:
        begun = next(iter(left)).get_coro()
        name = getattr(begun, "__qualname__", "something").split(".<locals>.")[-1]
        raise NotYet(
            call,
            got=f"it returned while its task `{name}` was still to be done",
            wanted="everything done when it returns",
            ask=ask,
        )


def _holds_something(value: Any) -> bool:
    """Whether it is more than None, no rows, or counts of none."""
    if isinstance(value, dict):
        return any(value.values())
    return any(value) if isinstance(value, list) else bool(value)


def expect_returned(answer: Answer, call: str, got: Any, wanted: str) -> None:
    """NotYet where the call gave None."""
    if got is None:
        ask = answer.ask_of_none()
        raise NotYet(call, got="it returned None", wanted=wanted, ask=ask)


async def expect_nothing_open(answer: Answer, call: str, ask: str) -> None:
    """NotYet with this question when the call has left a connection open."""
    if left := await answer.left_open():
        raise NotYet(
            call,
            got=f"it left {left} connection{'s' if left > 1 else ''} open",
            wanted="none left open",
            ask=ask,
        )


async def expect_error(
    call: str,
    running: Awaitable[Any],
    error: type[Exception] | tuple[type[Exception], ...],
    *,
    wanted: str,
    ask: str,
    if_found: str = "",
) -> None:
    """Await the call; NotYet unless it fails with this error, or one of these.

    `if_found` is asked where it returned what only a database can have given.
    """
    try:
        returned = await running
        got = f"it returned {show(returned)}"
        ask = (if_found or ask) if _holds_something(returned) else ask
    except error:
        return
    except UnboundLocalError as problem:
        got = f"it raised {message(problem)}"
        ask = "which line had not finished when `finally` ran?"
    except AttributeError as problem:
        got = f"it raised {message(problem)}"
        if "'NoneType' object" in str(problem):
            ask = "what is there to close where nobody was let in, and which error comes out then?"
    except Exception as problem:
        got = f"it raised {message(problem)}"
    raise NotYet(call, got=got, wanted=wanted, ask=ask)
