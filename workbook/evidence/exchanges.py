"""Requests and answers as the server saw them: a wrapper around an app, and a table of it."""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from workbook.display.table import Table

Message = MutableMapping[str, Any]
KEPT_BYTES = 2_000
"""How many bytes of an answer are kept."""
SHOWN_CHARACTERS = 230
"""How many characters of a body or of an error are shown."""


@dataclass
class Exchange:
    """One request, its answer, and the error that the app let pass, if there was one."""

    when: datetime
    request: str
    status: int | None = None
    body: bytes = b""
    error: BaseException | None = None
    answered: datetime | None = None
    """When the last part of its answer was about to be sent."""
    ended: bool = False
    """Whether the app has returned; it may go on for a while after its answer."""

    def record(self, message: Message) -> None:
        """Take what a message of ASGI says of the answer: its status, or a part of its body."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif len(self.body) < KEPT_BYTES:
            self.body += message.get("body", b"")
        if _is_last(message):
            self.answered = datetime.now(UTC)

    def client_sees(self) -> str:
        """The status and the beginning of the body."""
        if self.status is None:
            return "no answer"
        return f"{self.status} {_shortened(_one_line(self.body))}".rstrip()

    def server_logs(self) -> str:
        """The last line of the traceback."""
        if self.error is None:
            return ""
        return _shortened(f"{type(self.error).__name__}: {_driver_message(self.error)}")


current_exchange: ContextVar[Exchange | None] = ContextVar("current_exchange", default=None)
"""What this task serves; a log record with a traceback belongs to it."""
message_listeners: list[Callable[[str, str, str], None]] = []
"""Told of each request and of each complete answer: who speaks, to whom, and what is said."""


def _tell(by: str, to: str, what: str) -> None:
    for listener in message_listeners:
        listener(by, to, what)


class Recorder:
    """An ASGI app that serves another one, and keeps what passes."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.exchanges: list[Exchange] = []

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Serve one request; every error goes on to the server."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = Exchange(datetime.now(UTC), f"{scope['method']} {_target(scope)}")
        self.exchanges.append(exchange)
        current_exchange.set(exchange)
        _tell("client", "app", exchange.request)

        async def send_and_record(message: Message) -> None:
            exchange.record(message)
            await send(message)
            if _is_last(message):
                _tell("app", "client", str(exchange.status))

        try:
            await self._app(scope, receive, send_and_record)
        except Exception as error:
            exchange.error = error
            raise
        finally:
            exchange.ended = True


def _is_last(message: Message) -> bool:
    return message["type"] == "http.response.body" and not message.get("more_body")


def in_order(exchanges: list[Exchange]) -> list[Exchange]:
    """In the order in which they were sent; those that were under way together are sorted."""
    groups: list[list[Exchange]] = []
    for each in sorted(exchanges, key=lambda each: each.when):
        if groups and any(_is_under_way(one, each.when) for one in groups[-1]):
            groups[-1].append(each)
        else:
            groups.append([each])
    return [each for group in groups for each in sorted(group, key=_row)]


def _is_under_way(exchange: Exchange, when: datetime) -> bool:
    return exchange.answered is None or exchange.answered > when


def table(exchanges: list[Exchange]) -> Table:
    """What clients saw beside what the server logged, in the order of the requests."""
    rows = [_row(each) for each in exchanges]
    note = "" if rows else "No request came in."
    return Table(("request", "client sees", "server logs"), rows, note)


def _row(exchange: Exchange) -> tuple[str, str, str]:
    return exchange.request, exchange.client_sees(), exchange.server_logs()


def _target(scope: MutableMapping[str, Any]) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def _driver_message(error: BaseException) -> str:
    """The message on one line; of an error of the database, what the driver said."""
    while cause := getattr(error, "orig", None) or _behind_the_dialect(error):
        error = cause
    text = re.sub(r"<class '[^']*'>: ", "", str(error))
    return re.sub(r" at 0x[0-9a-f]+", "", " ".join(text.split()))


def _behind_the_dialect(error: BaseException) -> BaseException | None:
    """The driver's own error, where this one is what SQLAlchemy's dialect made of it."""
    return error.__cause__ if "sqlalchemy.dialects" in type(error).__module__ else None


def _one_line(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return " ".join(body.decode("utf-8", "replace").split())


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
