"""Servers for the tests of rooms: the board's own, in this process, and one that only listens."""

import asyncio
import contextlib
import socket
import ssl
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbook.base.waiting import cancel_and_wait, eventually
from workbook.room.board import certificate, gate, home, serve
from workbook.room.board.board import Board
from workbook.room.wire import report
from workbook.room.wire.code import Code
from workbook.room.wire.report import Report, Standing

HERE = "127.0.0.1"


def standing(exercise: str = "00.fetch", verdict: str = "not yet", attempts: int = 1) -> Standing:
    return Standing(
        exercise=exercise,
        verdict=verdict,
        attempts=attempts,
        hints=0,
        solved=verdict == "right",
    )


def said(name: str = "ana", laptop: str = "a" * 32, *standings: Standing) -> Report:
    return Report(name=name, laptop=laptop, exercises=standings or (standing(),))


@dataclass
class Served:
    """A board whose reports come in over TLS, as `wb room` serves it."""

    board: Board
    code: Code

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        return await asyncio.open_connection(HERE, self.code.port, ssl=trust)

    async def status(self, request: bytes) -> int:
        """The status that this request gets, sent as it is."""
        async with asyncio.timeout(20):
            reader, writer = await self.connect()
            with contextlib.suppress(OSError):
                writer.write(request)
                await writer.drain()
            line = await reader.readline()
            writer.transport.abort()
            return int(line.split()[1])

    async def post(self, body: bytes, token: str | None = None) -> int:
        return await self.status(request(self.code, body, token))


def request(code: Code, body: bytes, token: str | None = None, length: int | None = None) -> bytes:
    """A POST of this body, with another token or another length than the true one."""
    size = len(body) if length is None else length
    headers = report.headers(code.address, token or code.token, size)
    lines = [f"POST {report.PATH} HTTP/1.1", *(f"{key}: {value}" for key, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextlib.asynccontextmanager
async def served(seats: int = 8) -> AsyncIterator[Served]:
    """A new room in the folder that WORKBOOK_WORK names, open for the length of a block."""
    home.lock()
    room = home.open_room(None)
    with home.store() as store, gate.listen(HERE, room.port, seats) as door:
        board = Board(store, seats)
        server = serve._reports_server(board, room)
        task = asyncio.create_task(server.serve(sockets=[door]))

        async def started() -> bool:
            return server.started

        assert await eventually(started, 10)
        try:
            yield Served(board, room.code(HERE))
        finally:
            server.should_exit = True
            done, _ = await asyncio.wait([task], timeout=10)
            if not done:
                await cancel_and_wait(task)
        assert not task.exception()


@dataclass
class Listener:
    """A TLS server that writes down what it is told, and answers with this status, or never."""

    answer: bytes = b"HTTP/1.1 204 No Content\r\n\r\n"
    heard: list[bytes] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    code: Code = field(init=False)

    def _serve(self, door: socket.socket) -> None:
        while not self.ended.is_set():
            with contextlib.suppress(OSError), door.accept()[0] as line:
                line.settimeout(5)
                self.heard.append(_whole(line))
                line.sendall(self.answer)
                if not self.answer:
                    self.ended.wait(10)


def _whole(line: socket.socket) -> bytes:
    """A request to its end, or all of one that ends before."""
    text, missing = b"", 1
    while missing > 0 and (more := line.recv(max(missing, 100))):
        text += more
        head, _, body = text.partition(b"\r\n\r\n")
        lengths = [int(each[16:]) for each in head.split(b"\r\n") if b"Content-Length" in each]
        missing = lengths[0] - len(body) if lengths else 1
    return text


@contextlib.contextmanager
def listener(answer: bytes = Listener.answer) -> Iterator[Listener]:
    """Such a server, for the length of a block."""
    pem, fingerprint = certificate.make()
    made = Listener(answer)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificate.pem"
        path.write_bytes(pem)
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(path)
    with socket.create_server((HERE, 0)) as plain:
        plain.settimeout(0.2)
        made.code = Code(HERE, plain.getsockname()[1], "0f" * 16, fingerprint)
        with trust.wrap_socket(plain, server_side=True) as door:
            thread = threading.Thread(target=made._serve, args=[door], daemon=True)
            thread.start()
            try:
                yield made
            finally:
                made.ended.set()
                thread.join(15)
                assert not thread.is_alive()
