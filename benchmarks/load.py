"""Load for one app: keep-alive connections, each sending when its last answer has come.

Hand-made requests over a bare asyncio protocol, so that on two cores the load leaves the
processor to the app.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

CONNECTIONS = 16
PATIENCE = 20.0
"""Seconds that the last answers may take when the time is up."""
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Failure(Exception):
    """An answer was no 2xx, or did not come; its text says which."""


@dataclass(frozen=True)
class Load:
    """What one spell of load saw."""

    seconds: float
    milliseconds: list[float]
    """How long each answer took."""


class Client(asyncio.Protocol):
    """One connection; `done` gets how long each answer took, in milliseconds, or a Failure."""

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        self.done: asyncio.Future[list[float]] = asyncio.get_running_loop().create_future()
        self._requests, self._until = requests, until
        self._times: list[float] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail("it closed a connection in the middle")

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not end or (length and len(body) < int(length[1])):
            return
        self._times.append(1000 * (time.perf_counter() - self._sent))
        if not (length and head.startswith(b"HTTP/1.1 2")):
            self._fail(f"it answered {head.splitlines()[0].decode()}: {body[:300]!r}")
        elif time.perf_counter() < self._until:
            self._send()
        else:
            self.done.set_result(self._times)
            self._transport.close()

    def _send(self) -> None:
        self._answer, self._sent = b"", time.perf_counter()
        self._transport.write(next(self._requests))

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(Failure(why))
        self._transport.close()


async def run(port: int, requests: Iterator[bytes], seconds: float) -> Load:
    """Load the app on this port of 127.0.0.1 for so many seconds; raises Failure."""
    loop, began = asyncio.get_running_loop(), time.perf_counter()
    clients = [Client(requests, began + seconds) for _ in range(CONNECTIONS)]
    try:
        async with asyncio.timeout(seconds + PATIENCE):
            for client in clients:
                await loop.create_connection(lambda made=client: made, "127.0.0.1", port)
            times = await asyncio.gather(*(client.done for client in clients))
    except TimeoutError:
        raise Failure(f"an answer took more than {PATIENCE:.0f} s") from None
    except OSError as error:
        raise Failure(f"it took no connection: {error}") from None
    return Load(time.perf_counter() - began, [each for some in times for each in some])
