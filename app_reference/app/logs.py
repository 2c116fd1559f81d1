"""Logs for machines: a JSON object a line, and an id that ties the lines of a request together."""

import asyncio
import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import metrics
from app.problems import problem

REQUEST = ContextVar("REQUEST", default="")
"""The id of the request that this task serves."""
log = logging.getLogger("nightwatch")


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Put the moment, the request and the message first, then what the caller added."""
        line = {"at": datetime.now(UTC).isoformat(), "level": record.levelname}
        line |= {"request": REQUEST.get(), "message": record.getMessage()}
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


SENT = re.compile(r"[\w.:-]{1,64}", re.ASCII)
"""An id that a client or a proxy may give to its request."""


def configure(level: str) -> None:
    """Send every log of this process to standard error, as JSON, and count what is no good news."""
    handler, counted = logging.StreamHandler(), metrics.Counted(logging.WARNING)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler, counted])


SERVING: set[asyncio.Task[None] | None] = set()
"""The tasks that serve a request now."""


async def all_served(seconds: float) -> None:
    """Wait until each request has its line, at most so long; by then the server has ended them."""
    if tasks := [each for each in SERVING if each]:
        await asyncio.wait(tasks, timeout=seconds)


def take_over_server() -> None:
    """Write uvicorn's own lines as JSON too, and none for a request, which has its line already."""
    for each in logging.getLogger("uvicorn").handlers:
        each.setFormatter(JsonLines())
    logging.getLogger("uvicorn.access").handlers.clear()


class RequestLog:
    """Gives each request an id, logs one line about it, and turns a crash into an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what is no HTTP passes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = Headers(scope=scope).get("x-request-id", "")
        REQUEST.set(sent if SENT.fullmatch(sent) else uuid4().hex)
        began, status, task = perf_counter(), 0, asyncio.current_task()
        SERVING.add(task)

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = REQUEST.get()
            await send(message)

        try:
            await self._app(scope, receive, tell)
        except Exception:
            log.exception("failed")
            if status:  # the answer has begun; all that is left is to break it off
                raise
            await problem(500, "This is our fault, and it is in our log.")(scope, receive, tell)
        finally:
            metrics.served(scope, status, perf_counter() - began)
            log.info("served", extra={"fields": _about(scope, status, began)})
            SERVING.discard(task)


def _about(scope: Scope, status: int, began: float) -> dict[str, object]:
    milliseconds = round(1000 * (perf_counter() - began), 1)
    return {"method": scope["method"], "path": scope["path"], "status": status, "ms": milliseconds}
