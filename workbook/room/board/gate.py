"""The door of the room's address: how many connections a laptop may have, and for how long.

A laptop needs one connection for some milliseconds. Whoever opens hundreds, or sends a byte a
minute, is bounded here, before anything is read.
"""

import asyncio
import ipaddress
import socket
from collections import defaultdict

from uvicorn.protocols.http.h11_impl import H11Protocol

SPARE = 4
"""How many connections an address may have more than people, at the same time."""
LONGEST_SECONDS = 10.0
"""After which a connection ends, whatever it does."""


class Gate(socket.socket):
    """A listening socket that takes so many connections of an address at the same time."""

    def __init__(self, family: int, most: int) -> None:
        super().__init__(family)
        self.most = most
        self._open: defaultdict[str, list[socket.socket]] = defaultdict(list)

    def accept(self) -> tuple[socket.socket, tuple[str, int]]:
        """The next connection; ConnectionAbortedError for one too many, which is closed."""
        connection, address = super().accept()
        here = [each for each in self._open[address[0]] if each.fileno() != -1]
        if len(here) >= self.most:
            connection.close()
            raise ConnectionAbortedError
        self._open[address[0]] = [*here, connection]
        return connection, address


def listen(host: str, port: int, seats: int) -> Gate:
    """A gate at this address, for so many people of one other; OSError if it cannot be had."""
    family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
    gate = Gate(family, seats + SPARE)
    try:
        gate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        gate.bind((host, port))
    except OSError:
        gate.close()
        raise
    return gate


class BriefConnection(H11Protocol):
    """uvicorn's HTTP/1.1, on connections that end after ten seconds."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to count."""
        super().connection_made(transport)
        self._end = self.loop.call_later(LONGEST_SECONDS, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over before."""
        self._end.cancel()
        super().connection_lost(exc)
