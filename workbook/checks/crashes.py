"""What an app that a check asks has raised, or has noted: its client sees a 500 or a 503."""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from workbook.base.causes import causes
from workbook.checks.messages import innermost, message
from workbook.checks.places import learners_line
from workbook.checks.verdict import NotYet

LABEL = "Raised in the app"
NOTED = "In the app's log"
AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]


class _Crashes:
    """The errors of the last batch of requests: of those that were unanswered at one time."""

    def __init__(self) -> None:
        self.errors: list[Exception] = []
        self.cause = ""
        self.batch = self.unanswered = 0

    def begin(self) -> int:
        """Note a request; the number of its batch, which is a new one where all are answered."""
        if not self.unanswered:
            self.errors.clear()
            self.cause = ""
            self.batch += 1
        self.unanswered += 1
        return self.batch


_crashes = _Crashes()


class _Logged(logging.Handler):
    """Keeps what an app writes into its log as it answers 500 or 503 by itself."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the error of a record that has one, and the cause of one that names it in words."""
        fields = getattr(record, "fields", None)  # an answer may log what it likes
        if isinstance(fields, dict) and "cause" in fields:
            _crashes.cause = str(fields["cause"])
        if record.levelno < logging.ERROR or not record.exc_info:
            return
        if isinstance(record.exc_info[1], Exception):
            _crashes.errors.append(record.exc_info[1])


@contextlib.contextmanager
def _heard() -> Iterator[None]:
    logger, handler = logging.getLogger("nightwatch"), _Logged(logging.WARNING)
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
        if scope["type"] != "http":
            return await app(scope, receive, send)
        batch, unanswered = _crashes.begin(), [1]

        async def sent(part: Any) -> None:
            if part["type"] == "http.response.body" and not part.get("more_body"):
                _crashes.unanswered -= unanswered.pop() if unanswered else 0
            await send(part)

        try:
            with _heard():
                await app(scope, receive, sent)
        except Exception as error:
            if batch == _crashes.batch:
                _crashes.errors.append(error)
            raise
        finally:
            _crashes.unanswered -= sum(unanswered)

    return ask


def error() -> BaseException | None:
    """What the app raised at its last request, and no check in it; None where nothing."""
    found = innermost(_crashes.errors[-1]) if _crashes.errors else None
    return None if isinstance(found, NotYet) else found


def noted() -> str:
    """The cause that the app noted as it refused the last request; empty where it noted none."""
    return _crashes.cause


def found_by_a_check() -> NotYet | None:
    """What a check, inside the app, has found in the answer at the last request."""
    found = _crashes.errors[-1] if _crashes.errors else None
    return found if isinstance(found, NotYet) else None


def raised(workspace: str) -> str:
    """What the app raised at its last request, with the learner's line; empty where nothing."""
    found = error()
    if found is None:
        return ""
    for each in causes(found):  # a framework raises its own error from the learner's
        if where := learners_line(each, workspace):
            return f"{message(each)}: {where}"
    return message(found)
