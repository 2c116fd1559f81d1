import asyncio

SERVING: set[asyncio.Task[None] | None] = set()
"""The tasks that serve a request now."""


async def all_served(seconds: float) -> None:
    """Wait until each request has its line, at most so long; by then the server has ended them."""
    if tasks := [each for each in SERVING if each]:
        await asyncio.wait(tasks, timeout=seconds)


class RequestLog:
    """Gives each request an id, logs one line about it, and turns a crash into an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what is no HTTP passes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        REQUEST.set(uuid4().hex)
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
            log.info("served", extra={"fields": _about(scope, status, began)})
            SERVING.discard(task)
