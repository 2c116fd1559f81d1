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
KEPT = 2_000
"""How many bytes of an answer are kept."""
SHOWN = 230
"""How many characters of a body or of an error are shown."""


@dataclass
class Exchange:
    """One request, its answer, and the error that the app let pass, if there was one."""

    when: datetime
    request: str
    status: int | None = None
    body: bytes = b""
    error: BaseException | None = None
    ended: bool = False
    """Whether the app has returned; it may go on for a while after its answer."""

    def client_sees(self) -> str:
        """The status and the beginning of the body."""
        if self.status is None:
            return "no answer"
        return f"{self.status} {_short(_compact(self.body))}".rstrip()

    def server_logs(self) -> str:
        """The last line of the traceback."""
        if self.error is None:
            return ""
        return _short(f"{type(self.error).__name__}: {_reason(self.error)}")


CURRENT: ContextVar[Exchange | None] = ContextVar("CURRENT", default=None)
"""What this task serves; a log record with a traceback belongs to it."""
LISTENERS: list[Callable[[str, str, str], None]] = []
"""Told of each request and of each complete answer: who speaks, to whom, and what is said."""


def _tell(by: str, to: str, what: str) -> None:
    for listener in LISTENERS:
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
        CURRENT.set(exchange)
        _tell("client", "app", exchange.request)

        async def record(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
            elif len(exchange.body) < KEPT:
                exchange.body += message.get("body", b"")
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                _tell("app", "client", str(exchange.status))

        try:
            await self._app(scope, receive, record)
        except Exception as error:
            exchange.error = error
            raise
        finally:
            exchange.ended = True


def table(exchanges: list[Exchange]) -> Table:
    """What clients saw beside what the server logged, in the order of the requests."""
    rows = [(each.request, each.client_sees(), each.server_logs()) for each in exchanges]
    note = "" if rows else "No request came in."
    return Table(("request", "client sees", "server logs"), rows, note)


def _target(scope: MutableMapping[str, Any]) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def _reason(error: BaseException) -> str:
    """The message on one line; of an error of the database, what the driver said."""
    while cause := getattr(error, "orig", None) or (error.__cause__ if _drivers(error) else None):
        error = cause
    text = re.sub(r"<class '[^']*'>: ", "", str(error))
    return re.sub(r" at 0x[0-9a-f]+", "", " ".join(text.split()))


def _drivers(error: BaseException) -> bool:
    return "sqlalchemy.dialects" in type(error).__module__


def _compact(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return " ".join(body.decode("utf-8", "replace").split())


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
