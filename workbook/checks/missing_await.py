"""Errors that a forgotten `await` leads to: the line that raises is often not the one to mend."""

import inspect
import re
from typing import Any

from workbook.base.causes import causes

_CONTEXT = re.compile(r"'coroutine' object does not support the asynchronous context manager")
_COROUTINE = re.compile(
    r"'coroutine'|(?:got|not|type|non-iterable|received) coroutine\b|coroutine found"
)
_FUTURE = re.compile(
    r"await wasn't used with future|'(?:_GatheringFuture|_asyncio\.Future|Future)'"
)
_TASK = re.compile(r"'(?:_asyncio\.)?Task'")
_KINDS = (
    (
        _CONTEXT,
        "`async with` was given a coroutine: the call before it has not run yet. Await it first,"
        " and end what it gives in a `finally`, unless that is a context manager itself.",
    ),
    (
        _COROUTINE,
        "A call that has to be awaited was not: it gave a coroutine, which has not run yet and has"
        " no value. Put `await` before that call.",
    ),
    (
        _FUTURE,
        "`asyncio.gather(…)` gives a future, whose results come when it is awaited. Put `await`"
        " before it.",
    ),
    (_TASK, "A task was used where its result was wanted. Await the task: that gives its result."),
)
"""A part of the message, and what it means."""


def meaning(error: BaseException) -> str:
    """What the message means where it tells of a missing `await`; else empty."""
    return next((said for pattern, said in _KINDS if pattern.search(str(error))), "")


def first(error: BaseException) -> BaseException | None:
    """The error among these causes that tells of a missing `await`: a `finally` may hide it."""
    return next((each for each in causes(error) if meaning(each)), None)


def coroutine_of(error: BaseException) -> Any:
    """The coroutine that was asked for an attribute; None where the error is another one."""
    asked = error.obj if isinstance(error, AttributeError) else None
    return asked if inspect.iscoroutine(asked) else None
