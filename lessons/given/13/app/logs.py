import re

from starlette.datastructures import Headers

from app import metrics

SENT = re.compile(r"[\w.:-]{1,64}", re.ASCII)
"""An id that a client or a proxy may give to its request."""


def configure(level: str) -> None:
    """Send every log of this process to standard error, as JSON, and count what is no good news."""
    handler, counted = logging.StreamHandler(), metrics.Counted(logging.WARNING)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler, counted])


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
