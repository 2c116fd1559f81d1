"""A replayed database's own loopback: who logs in from there needs no password, as in the image.

The official image trusts 127.0.0.1, ::1 and the socket, and asks all others for a password. On one
machine every client comes from 127.0.0.1. So the server listens on another address, which the
other containers are told, and on 127.0.0.1 stands this relay to its socket.
"""

import asyncio
import contextlib
import functools
import socket
from collections.abc import AsyncIterator
from functools import partial

HERE = "127.0.0.1"


@functools.cache
def elsewhere() -> str:
    """An address of this machine beside 127.0.0.1; macOS has no second one of that kind."""
    with socket.socket() as tried:
        try:
            tried.bind(("127.0.0.2", 0))
        except OSError:
            return "::1"
    return "127.0.0.2"


@contextlib.asynccontextmanager
async def relay(port: int, path: str) -> AsyncIterator[None]:
    """Pass on to the socket at this path what comes to 127.0.0.1, within the block."""
    server = await asyncio.start_server(partial(_serve, path), HERE, port)
    try:
        yield
    finally:
        server.close()


async def _serve(path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError), contextlib.closing(writer):
        answers, server = await asyncio.open_unix_connection(path)
        with contextlib.closing(server):
            await asyncio.gather(_pass_on(reader, server), _pass_on(answers, writer))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
