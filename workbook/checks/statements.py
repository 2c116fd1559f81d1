"""The statements that an engine is asked to send."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

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
def tells_statements(hear: Callable[[str], object], target: Any = Engine) -> Iterator[None]:
    """Tell each statement as an engine is asked to send it: any engine's, or this one's."""

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        hear(statement)

    event.listen(target, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(target, "before_cursor_execute", listen)


@contextlib.contextmanager
def _sent_by(target: Any) -> Iterator[list[str]]:
    sent: list[str] = []
    with tells_statements(sent.append, target):
        yield sent


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
