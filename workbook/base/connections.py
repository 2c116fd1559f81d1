"""The connections of a server of ours, each served by a task that somebody holds.

An event loop holds its tasks weakly. A caller that has said its last word, while its answer is
still to come, leaves nothing else that holds the task which serves it: a collection of garbage
destroys it, and asyncio says so on stderr.
"""

import asyncio
from collections.abc import Awaitable, Callable

from workbook.base.waiting import cancel_and_wait

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Connections:
    """What `asyncio.start_server` calls for each connection: it serves it, and holds its task."""

    def __init__(self, serve: Serve) -> None:
        """Serve each connection with this function."""
        self._serve = serve
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, to its end."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        finally:
            self._tasks.discard(task)

    async def end(self, timeout: float) -> None:
        """Let them end by themselves for so many seconds, and then cancel those that are left."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout)
        for each in tuple(self._tasks):
            await cancel_and_wait(each)
