"""The statements that an engine is asked to send."""

import contextlib
from collections.abc import Callable, Iterator

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.checks.messages import message


@contextlib.contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """What the engine is asked to send meanwhile."""
    with _sent_by(engine.sync_engine) as sent:
        yield sent


@contextlib.contextmanager
def statements_of_every_engine() -> Iterator[list[str]]:
    """What any engine of this process is asked to send meanwhile: the answer makes its own."""
    with _sent_by(Engine) as sent:
        yield sent


@contextlib.contextmanager
def _sent_by(target: Engine | type[Engine]) -> Iterator[list[str]]:
    sent: list[str] = []
    listen: Callable[..., None] = lambda *args: sent.append(args[2])  # noqa: E731
    event.listen(target, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(target, "before_cursor_execute", listen)


@contextlib.contextmanager
def refusals() -> Iterator[list[str]]:
    """What the database refuses meanwhile, also where the answer keeps the error to itself."""
    refused: list[str] = []
    listen: Callable[..., None] = lambda context: refused.append(  # noqa: E731
        message(context.sqlalchemy_exception or context.original_exception)
    )
    event.listen(Engine, "handle_error", listen)
    try:
        yield refused
    finally:
        event.remove(Engine, "handle_error", listen)
