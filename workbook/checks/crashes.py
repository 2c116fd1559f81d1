"""What an app that a check asks has raised: its client sees a 500, and no line of anybody."""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from workbook.base.causes import causes
from workbook.checks.messages import innermost, message
from workbook.checks.places import learners_line

LABEL = "Raised in the app"
AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]


class _Crashes:
    """The errors that came out of an app since it was last asked while nothing was under way."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.under_way = 0


_crashes = _Crashes()


class _Logged(logging.Handler):
    """Keeps what an app writes into its log as it answers 500 by itself: nothing comes out then."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the error of a record that has one."""
        if record.exc_info and isinstance(record.exc_info[1], Exception):
            _crashes.errors.append(record.exc_info[1])


@contextlib.contextmanager
def _heard() -> Iterator[None]:
    logger, handler = logging.getLogger("nightwatch"), _Logged(logging.ERROR)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def watched(app: AsgiApp) -> AsgiApp:
    """The app, as whoever serves or calls it in a check hands it on: what it raises is kept.

    That is also what a handler, a dependency at its end or a task after the answer raises.
    """

    async def ask(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and not _crashes.under_way:
            _crashes.errors.clear()
        _crashes.under_way += 1
        try:
            with _heard():
                await app(scope, receive, send)
        except Exception as error:
            _crashes.errors.append(error)
            raise
        finally:
            _crashes.under_way -= 1

    return ask


def raised(workspace: str) -> str:
    """What the app raised at its last request, with the learner's line; empty where nothing."""
    if not _crashes.errors:
        return ""
    found = innermost(_crashes.errors[-1])
    for error in causes(found):  # a framework raises its own error from the learner's
        if where := learners_line(error, workspace):
            return f"{message(error)}: {where}"
    return message(found)
