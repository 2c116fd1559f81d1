"""What somebody else does at a moment of the answer's work, and two that go on in step."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import await_only

PATIENCE = 0.15
"""Seconds in which the other one comes to its next statement, unless it waits for a lock."""


@contextlib.contextmanager
def after_the_first(
    engine: AsyncEngine, words: str, does: Callable[[], Awaitable[Any]]
) -> Iterator[list[Any]]:
    """Do this once, behind the first statement with these words; what came of it is in the list."""
    came: list[Any] = []

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if words in statement and not came:
            came.append(None)
            came[0] = await_only(does())

    with _listening(engine, "after_cursor_execute", listen):
        yield came


@contextlib.contextmanager
def in_step(engine: AsyncEngine) -> Iterator[Callable[[], Awaitable[None]]]:
    """Two at once: each sends its next statement when the other has come to one, or waits.

    What comes is called where one of the two has ended: then nobody waits for it any more.
    """
    both = asyncio.Barrier(2)

    async def meet() -> None:
        with contextlib.suppress(TimeoutError, asyncio.BrokenBarrierError):
            async with asyncio.timeout(PATIENCE):
                await both.wait()

    with _listening(engine, "before_cursor_execute", lambda *_: await_only(meet())):
        yield both.abort


@contextlib.contextmanager
def _listening(engine: AsyncEngine, name: str, listen: Callable[..., Any]) -> Iterator[None]:
    event.listen(engine.sync_engine, name, listen)
    try:
        yield
    finally:
        event.remove(engine.sync_engine, name, listen)
