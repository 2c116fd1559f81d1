"""The pages for whoever teaches: the board with names, and the wall without, both live.

They are served on 127.0.0.1 and speak plain HTTP. Each has an address that cannot be guessed, so
that no other account of the machine finds it, and the projector's does not lead to the names.
"""

from collections.abc import AsyncIterator
from importlib import resources

from fastapi import FastAPI, Response
from fastapi.sse import EventSourceResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workbook.room.board import views
from workbook.room.board.board import Board

KINDS = {"look.css": "text/css", "board.js": "text/javascript", "wall.js": "text/javascript",
         "live.js": "text/javascript"}  # fmt: skip
HEADERS = {
    b"content-security-policy": b"default-src 'none'; script-src 'self'; style-src 'self'; "
    b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    b"cache-control": b"no-store",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
}


def pages_app(board: Board, board_key: str, wall_key: str) -> FastAPI:
    """The app with the board at `/BOARD_KEY/` and the wall at `/WALL_KEY/`."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.add_middleware(_Guarded)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])

    @app.get(f"/{board_key}/events", response_class=EventSourceResponse)
    async def board_events() -> AsyncIterator[views.BoardView]:
        async for _ in board.changes():
            yield views.board(board.people)

    @app.get(f"/{wall_key}/events", response_class=EventSourceResponse)
    async def wall_events() -> AsyncIterator[views.WallView]:
        async for _ in board.changes():
            yield views.wall(board.people)

    _serve_files(app, board_key, "board.html")
    _serve_files(app, wall_key, "wall.html")
    return app


def _serve_files(app: FastAPI, key: str, page: str) -> None:
    """A page, and the files beside it that it names."""

    @app.get(f"/{key}/", response_class=HTMLResponse)
    async def html() -> str:
        return text(page)

    @app.get(f"/{key}/{{name}}")
    async def file(name: str) -> Response:
        if name not in KINDS:
            return Response(status_code=404)
        return Response(text(name), media_type=KINDS[name])


def text(name: str) -> str:
    """A page, or a file that one names."""
    return (resources.files(__package__) / "page" / name).read_text("utf-8")


class _Guarded:
    """Says with each answer that the page may load nothing from elsewhere, and is kept nowhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = [*HEADERS.items()]
                old = [each for each in message["headers"] if each[0].lower() not in HEADERS]
                message = {**message, "headers": [*old, *ours]}
            await send(message)

        await self._app(scope, receive, guarded)
