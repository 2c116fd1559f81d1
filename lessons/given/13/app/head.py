"""HEAD wherever there is GET, as RFC 9110 wants it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """Serves HEAD as GET is served, and keeps the body back: with its first part it is over."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        over = False

        async def without_body(message: Message) -> None:
            nonlocal over
            if message["type"] == "http.response.body":
                message = {"type": message["type"], "body": b"", "more_body": False}
            if not over:
                over = message["type"] == "http.response.body"
                await send(message)

        if scope["type"] == "http" and scope["method"] == "HEAD":
            asked = {**scope, "method": "GET"}
            await self.app(asked, receive, without_body)
            scope["route"] = asked.get("route")
        else:
            await self.app(scope, receive, send)
