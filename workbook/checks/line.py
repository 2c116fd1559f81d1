"""The way to a check's server, for whoever connects and however: it can be cut, and fall silent."""

import asyncio
import contextlib
import socket
from typing import Self
from urllib.parse import urlsplit


class Line:
    """A port of our own in front of the server; `async with` opens it and takes it away."""

    def __init__(self, url: str) -> None:
        self._there = urlsplit(url)
        self._place = _bound(0)
        self._port: int = self._place.getsockname()[1]
        self._server: asyncio.Server | None = None
        self._speaks, self._news = asyncio.Event(), asyncio.Event()
        self.callers: set[asyncio.StreamWriter] = set()
        """Who is connected now."""
        self.asking: set[asyncio.StreamWriter] = set()
        """Who has said something; whoever wants to know clears it first."""

    @property
    def url(self) -> str:
        """The same database at this end of the line, as `postgresql://…`."""
        user = self._there.netloc.rpartition("@")[0]
        return self._there._replace(netloc=f"{user}@127.0.0.1:{self._port}").geturl()

    async def open(self) -> None:
        """Listen, and pass everything on."""
        self._speaks.set()
        self._server = await asyncio.start_server(self._serve, sock=self._place)

    async def cut(self) -> None:
        """Break every connection and listen no more, as a server that stops; keep the port."""
        self._place = _bound(self._port)
        if self._server is not None:
            self._server.close()
        for caller in self.callers:
            caller.transport.abort()
        for _ in range(5):
            await asyncio.sleep(0)  # whoever is connected within this process sees it now

    def hush(self) -> None:
        """Pass nothing on until `speak`, and say nothing."""
        self._speaks.clear()
        self.asking.clear()

    def speak(self) -> None:
        """Pass on what was said meanwhile, and what comes."""
        self._speaks.set()

    async def hear(self, callers: int) -> None:
        """Wait until so many are asking."""
        while len(self.asking) < callers:
            self._news.clear()
            await self._news.wait()

    async def _serve(self, reader: asyncio.StreamReader, caller: asyncio.StreamWriter) -> None:
        self.callers.add(caller)
        with contextlib.suppress(OSError):
            answers, server = await asyncio.open_connection(self._there.hostname, self._there.port)
            back = asyncio.create_task(pass_on(answers, caller))
            with contextlib.closing(server):
                while data := await reader.read(65536):
                    self.asking.add(caller)
                    self._news.set()
                    await self._speaks.wait()
                    server.write(data)
            await back
        self.callers.discard(caller)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.speak()
        await self.cut()
        self._place.close()


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand on what comes, to its end, and close."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


def _bound(port: int) -> socket.socket:
    """A port without a listener: until there is one, connections are refused."""
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    place.bind(("127.0.0.1", port))
    return place
