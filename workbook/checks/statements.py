"""The statements that an engine is asked to send."""

import contextlib
from collections.abc import Callable, Iterator

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine


@contextlib.contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """What the engine is asked to send meanwhile."""
    sent: list[str] = []
    listen: Callable[..., None] = lambda *args: sent.append(args[2])  # noqa: E731
    event.listen(engine.sync_engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", listen)
