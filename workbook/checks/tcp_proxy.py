"""A proxy before a check's server: whoever connects to it can be cut off, or kept waiting."""

import asyncio
import contextlib
import socket
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from workbook.base.connections import Connections
from workbook.base.waiting import cancel_and_wait

Address = tuple[str, int] | str
"""A host with its port, or the path of a Unix socket."""


class TcpProxy:
    """An address of our own before the server; `async with` opens it and takes it away."""

    def __init__(self, url: str, *, port: int = 0, path: str = "") -> None:
        """Stand before `postgresql://…`: at this port, at any free one, or at a Unix socket."""
        self._target = urlsplit(url)
        self._socket = _bound(path or ("127.0.0.1", port))
        self._address: Address = self._socket.getsockname()
        self._server: asyncio.Server | None = None
        self._connections = Connections(self._serve)
        self._passes_on, self._asked = asyncio.Event(), asyncio.Event()
        self.connected: set[asyncio.StreamWriter] = set()
        """Who is connected now."""
        self.asking: set[asyncio.StreamWriter] = set()
        """Who has sent something since the proxy was made, or paused last."""

    @property
    def url(self) -> str:
        """The same database by way of a proxy with a port, as `postgresql://…`."""
        user = self._target.netloc.rpartition("@")[0]
        return self._target._replace(netloc=f"{user}@127.0.0.1:{self._address[1]}").geturl()

    async def open(self) -> None:
        """Listen, and pass everything on."""
        self._passes_on.set()
        self._server = await asyncio.start_server(self._connections, sock=self._socket)

    async def cut(self) -> None:
        """Break every connection and listen no more, as a server that stops; keep the address."""
        self._socket = _bound(self._address)
        if self._server is not None:
            self._server.close()
        for caller in self.connected:
            caller.transport.abort()
        for _ in range(5):
            await asyncio.sleep(0)  # whoever is connected within this process sees it now

    def pause(self) -> None:
        """Pass no request on until `resume`, and answer nothing."""
        self._passes_on.clear()
        self.asking.clear()

    def resume(self) -> None:
        """Pass on what was asked meanwhile, and what comes."""
        self._passes_on.set()

    async def wait_for_requests(self, callers: int) -> None:
        """Wait, without an end of its own, until so many connections have asked something."""
        while len(self.asking) < callers:
            self._asked.clear()
            await self._asked.wait()

    async def _serve(self, reader: asyncio.StreamReader, caller: asyncio.StreamWriter) -> None:
        self.connected.add(caller)
        with contextlib.suppress(OSError):
            host, port = self._target.hostname, self._target.port
            answers, server = await asyncio.open_connection(host, port)
            back = asyncio.create_task(_pass_on(answers, caller))
            try:
                with contextlib.closing(server):
                    await self._ask(reader, caller, server)
                await back
            finally:
                await cancel_and_wait(back)
        self.connected.discard(caller)

    async def _ask(
        self,
        reader: asyncio.StreamReader,
        caller: asyncio.StreamWriter,
        server: asyncio.StreamWriter,
    ) -> None:
        while data := await reader.read(65536):
            self.asking.add(caller)
            self._asked.set()
            await self._passes_on.wait()
            server.write(data)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.resume()
        await self.cut()
        await self._connections.end(timeout=1)
        self._socket.close()
        if isinstance(self._address, str):
            Path(self._address).unlink()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand on what comes, to its end, and close."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


def _bound(address: Address) -> socket.socket:
    """A socket that keeps its address without listening: connections are refused until it does."""
    if isinstance(address, str):
        Path(address).unlink(missing_ok=True)
        place = socket.socket(socket.AF_UNIX)
    else:
        place = socket.socket()
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    place.bind(address)
    return place
