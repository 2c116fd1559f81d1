"""What a learner wrote in the place of an async generator function."""

import inspect
from typing import Any

from workbook.checks.answer import show
from workbook.checks.verdict import NotYet


def no_generator(name: str, function: Any) -> NotYet:
    """What to say of something that is no async generator function."""
    if inspect.isasyncgenfunction(inspect.unwrap(function)):
        return NotYet.looked_at(
            name,
            got="it is an async generator function inside a decorator",
            wanted="the bare async generator function",
            ask="who makes a context manager of it: this file, or whoever uses it?",
        )
    return NotYet.looked_at(
        name,
        got=f"it is {_kind(function)}",
        wanted="an async generator function: `async def`, with a `yield` in it",
        ask=_ask_of_kind(function),
    )


def _kind(function: Any) -> str:
    if inspect.iscoroutinefunction(function):
        return "a coroutine function"
    if inspect.isgeneratorfunction(function):
        return "a plain generator function"
    return "a plain function" if inspect.isfunction(function) else show(type(function).__name__)


def _ask_of_kind(function: Any) -> str:
    if inspect.isgeneratorfunction(function):
        return "can a plain `def` await a commit?"
    return (
        "what is the difference between `return` and `yield` for whoever has to tidy up afterwards?"
    )
