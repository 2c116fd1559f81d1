"""The relay to a replayed database's socket, with a server that answers late in its place."""

import asyncio
import contextlib
import gc
import socket
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from workbook.postgres import probe
from workbook.stack.loopback import HERE, relay


class Late:
    """A server that reads to the end of the question, and answers when it may."""

    def __init__(self) -> None:
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError), contextlib.closing(writer):
            while await reader.read(100):
                pass
            self.asked.set()
            await self.may_answer.wait()
            writer.write(b"an answer")


@contextlib.asynccontextmanager
async def late_server(path: Path) -> AsyncIterator[tuple[Late, int]]:
    """Such a server at a socket, and the port of a relay to it."""
    late, port = Late(), probe.free_port()
    held = set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.add(asyncio.current_task())  # type: ignore[arg-type]
        await late.serve(reader, writer)

    async with await asyncio.start_unix_server(serve, path), relay(port, str(path)):
        try:
            yield late, port
        finally:
            late.may_answer.set()


def complaints() -> list[dict[str, Any]]:
    """What the event loop complains of from now on."""
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told_of: told.append(told_of))
    return told


def test_a_client_that_asks_no_more_still_gets_its_answer(tmp_path: Path) -> None:
    """Nothing but the relay holds its task then: the loop destroyed it, and said so in a cell."""

    async def run() -> bytes:
        told = complaints()
        async with late_server(tmp_path / "s") as (late, port):
            reader, writer = await asyncio.open_connection(HERE, port)
            writer.write(b"a question")
            writer.write_eof()
            await asyncio.wait_for(late.asked.wait(), 5)
            gc.collect()
            late.may_answer.set()
            answer = await asyncio.wait_for(reader.read(), 5)
            writer.close()
        gc.collect()
        assert not told
        return answer

    assert asyncio.run(run()) == b"an answer"


def test_the_database_is_told_of_a_client_that_was_killed(tmp_path: Path) -> None:
    async def run() -> None:
        async with late_server(tmp_path / "s") as (late, port):
            _, writer = await asyncio.open_connection(HERE, port)
            writer.write(b"a question")
            await writer.drain()
            resets = struct.pack("ii", 1, 0)  # at its close, as a killed client's
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, resets)
            writer.transport.abort()
            await asyncio.wait_for(late.asked.wait(), 5)

    asyncio.run(run())


def test_whoever_is_still_connected_at_the_end_is_let_go(tmp_path: Path) -> None:
    async def run() -> bytes:
        async with late_server(tmp_path / "s") as (_, port):
            reader, writer = await asyncio.open_connection(HERE, port)
            writer.write(b"a question")
            await writer.drain()
            await asyncio.sleep(0.05)
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return answer

    assert asyncio.run(run()) == b""
