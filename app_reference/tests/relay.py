"""A relay between the app and its database: a network that fails at a chosen moment."""

import asyncio
from typing import Any, Self


class Link:
    """One connection of the app's, and where its bytes go."""

    def __init__(self, app: asyncio.StreamWriter) -> None:
        self.app = app
        self.silent = self.commits = False


class Relay:
    """Passes on what it gets; `async with` opens it, and ends every connection."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._links: list[Link] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        """Where the relay listens: at any free port, and then always there."""
        self.params: dict[str, Any] = {}
        """What the app wanted to connect with last."""
        self.commits, self.held = 0, asyncio.Event()
        """How many COMMITs came, and whether the answer to one is held back."""
        self.at_commit = "pass"
        """What becomes of the answer to a COMMIT: `pass`, `cut` with its connection, or `stall`."""

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Listen, at the same port each time."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """End every connection, and refuse new ones."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    def fall_silent(self) -> None:
        """Forget every connection that is there, as a firewall does; new ones work."""
        for link in self._links:
            link.silent = True

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, Link(writer)))
        self._tasks.add(task)

    async def _serve(self, reader: asyncio.StreamReader, link: Link) -> None:
        self._links.append(link)
        answers, server = await asyncio.open_connection(*self._target)
        back = asyncio.create_task(self._answer(answers, link))
        try:
            while data := await reader.read(65536):
                if b"COMMIT;" in data:  # and not BEGIN ISOLATION LEVEL READ COMMITTED
                    link.commits, self.commits = self.at_commit != "pass", self.commits + 1
                if not link.silent:
                    server.write(data)
        except ConnectionError:
            pass
        finally:
            back.cancel()
            server.close()
            link.app.close()

    async def _answer(self, answers: asyncio.StreamReader, link: Link) -> None:
        while data := await answers.read(65536):
            if link.commits:
                self.held.set()
            if link.commits and self.at_commit == "cut":
                link.app.transport.abort()
            elif not (link.silent or link.commits):
                link.app.write(data)
        link.app.close()
