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

from workbook.base.connections import Connections
from workbook.base.waiting import cancel_and_wait

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
    connections = Connections(partial(_serve, path))
    server = await asyncio.start_server(connections, HERE, port)
    try:
        yield
    finally:
        server.close()
        await connections.end(timeout=1)


async def _serve(path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until the database has said all: a client that asks no more may still wait for an answer."""
    with contextlib.suppress(OSError), contextlib.closing(writer):
        answers, server = await asyncio.open_unix_connection(path)
        asking = asyncio.create_task(_pass_on(reader, server))
        try:
            with contextlib.closing(server):
                await _pass_on(answers, writer)
        finally:
            await cancel_and_wait(asking)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand on what comes, and that it has ended: also where whoever spoke was killed."""
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()
