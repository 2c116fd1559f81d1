"""The board as a service of JupyterHub: `python -m workbook.room.hub.service`, started by the hub.

`…/` is the board with names and `…/wall/` the counts without: both for whoever has READ. A
learner's server posts to `…/report` with its own token, which needs REPORT.
"""

import asyncio
import hashlib
import os
import signal
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from jupyterhub.services.auth import (
    HubAuthenticated,
    HubOAuthCallbackHandler,
    HubOAuthenticated,
)
from pydantic import BaseModel, ValidationError
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.web import Application, HTTPError, RequestHandler, authenticated

from workbook.room.board import home, views
from workbook.room.board.board import MOST_PEOPLE, Board, NoSeat
from workbook.room.board.pages import HEADERS, KINDS, text
from workbook.room.board.people import Person
from workbook.room.wire.report import LARGEST_BODY, Report

READ, REPORT = "custom:board:read", "custom:board:report"
"""Scopes of the hub's own, which its configuration defines and hands out."""
END_SECONDS = 2.0


class _Guarded(HubOAuthenticated, RequestHandler):  # type: ignore[misc]
    """For whoever teaches; others get 403 from the hub or from here."""

    hub_scopes = frozenset({READ})

    def set_default_headers(self) -> None:
        """A page may load nothing from elsewhere, and is kept nowhere."""
        for name, value in HEADERS.items():
            self.set_header(name.decode(), value.decode())


class Page(_Guarded):
    """A page, or a file beside it that it names."""

    def initialize(self, page: str) -> None:
        """Which page this is."""
        self._page = page

    @authenticated
    def get(self, name: str = "") -> None:
        """Its text; 404 for what no page names."""
        if name and name not in KINDS:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        self.set_header("Content-Type", KINDS.get(name, "text/html"))
        self.write(text(name or self._page))


class Events(_Guarded):
    """The pictures of the board, one after the other, as they change."""

    def initialize(self, board: Board, view: Callable[[list[Person]], BaseModel]) -> None:
        """Whose pictures, and of what."""
        self._board, self._view = board, view

    @authenticated
    async def get(self) -> None:
        """Stay until the page is closed, or the board."""
        self.set_header("Content-Type", "text/event-stream")
        try:
            async for _ in self._board.changes():
                self.write(f"data: {self._view(self._board.people).model_dump_json()}\n\n")
                await self.flush()
        except StreamClosedError:
            return


class Take(HubAuthenticated, RequestHandler):  # type: ignore[misc]
    """A report of the learner whose server's token it comes with."""

    hub_scopes = frozenset({REPORT})

    def initialize(self, board: Board) -> None:
        """Which board hears it."""
        self._board = board

    def check_xsrf_cookie(self) -> None:
        """No cookie opens this door, so none can be misused."""

    async def post(self) -> None:
        """204; 403 without a token of a server, 422 for what is no report."""
        user = self.get_current_user()
        if not user:
            raise HTTPError(HTTPStatus.FORBIDDEN)
        try:
            await self._board.hear(_signed(self.request.body, user["name"]), user["name"])
        except ValidationError:
            raise HTTPError(HTTPStatus.UNPROCESSABLE_ENTITY) from None
        except NoSeat:
            raise HTTPError(HTTPStatus.FORBIDDEN) from None
        self.set_status(HTTPStatus.NO_CONTENT)


def _signed(body: bytes, name: str) -> Report:
    """The report as the hub knows its sender: neither name nor laptop are what it says itself."""
    said = Report.model_validate_json(body)
    laptop = hashlib.sha256(name.encode()).hexdigest()[:32]
    return said.model_copy(update={"name": name, "laptop": laptop})


def application(board: Board, prefix: str) -> Application:
    """All addresses below this prefix, which begins and ends with a slash."""
    name = r"([\w.-]*)"
    return Application(
        [
            (f"{prefix}oauth_callback", HubOAuthCallbackHandler),
            (f"{prefix}report", Take, {"board": board}),
            (f"{prefix}events", Events, {"board": board, "view": views.board}),
            (f"{prefix}wall/events", Events, {"board": board, "view": views.wall}),
            (f"{prefix}wall/{name}", Page, {"page": "wall.html"}),
            (f"{prefix}{name}", Page, {"page": "board.html"}),
        ],
        cookie_secret=os.urandom(32),
        log_function=lambda _: None,
    )


async def serve(prefix: str, host: str, port: int) -> None:
    """Serve the board until a signal comes; what it knows of people outlives that."""
    ended = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, ended.set)
    home.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with home.store() as store:
        board = Board(store, MOST_PEOPLE)
        server = HTTPServer(application(board, prefix), max_body_size=LARGEST_BODY)
        server.listen(port, host)
        await ended.wait()
        server.stop()
        await board.close()
        async with asyncio.timeout(END_SECONDS):
            await server.close_all_connections()


def main() -> None:
    """Where JupyterHub says."""
    where = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    assert where.hostname
    assert where.port
    asyncio.run(serve(os.environ["JUPYTERHUB_SERVICE_PREFIX"], where.hostname, where.port))


if __name__ == "__main__":
    main()
