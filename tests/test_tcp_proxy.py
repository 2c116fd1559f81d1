"""The proxy before a check's server, with an echo in the place of a database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from workbook.checks.tcp_proxy import TcpProxy
from workbook.postgres import probe


@contextlib.asynccontextmanager
async def echo() -> AsyncIterator[str]:
    """A server that says back what it hears; its address as that of a database."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"postgresql://app:secret@127.0.0.1:{server.sockets[0].getsockname()[1]}/check"
    finally:
        server.close()


async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(b"hello")
    return await asyncio.wait_for(reader.read(100), 5)


def test_a_proxy_at_a_port_keeps_the_login_and_the_database_and_passes_all_on() -> None:
    async def run() -> None:
        async with echo() as url, TcpProxy(url) as proxy:
            there = urlsplit(proxy.url)
            assert (there.username, there.password, there.path) == ("app", "secret", "/check")
            assert await say(*await asyncio.open_connection(there.hostname, there.port)) == b"hello"

    asyncio.run(run())


def test_a_proxy_stands_at_the_port_that_was_asked_for() -> None:
    async def run() -> None:
        port = probe.free_port()
        async with echo() as url, TcpProxy(url, port=port):
            assert await say(*await asyncio.open_connection("127.0.0.1", port)) == b"hello"

    asyncio.run(run())


def test_a_proxy_stands_at_a_unix_socket(tmp_path: Path) -> None:
    async def run() -> None:
        path = str(tmp_path / "s")
        async with echo() as url, TcpProxy(url, path=path):
            assert await say(*await asyncio.open_unix_connection(path)) == b"hello"
        assert not Path(path).exists()

    asyncio.run(run())


@pytest.mark.parametrize("at_a_path", [False, True])
def test_what_was_cut_is_refused_until_it_opens_again(tmp_path: Path, at_a_path: bool) -> None:
    path = str(tmp_path / "s") if at_a_path else ""

    async def run() -> None:
        async with echo() as url, TcpProxy(url, path=path) as proxy:

            async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
                if path:
                    return await asyncio.open_unix_connection(path)
                return await asyncio.open_connection("127.0.0.1", urlsplit(proxy.url).port)

            reader, writer = await connect()
            assert await say(reader, writer) == b"hello"
            await proxy.cut()
            with contextlib.suppress(ConnectionResetError):
                assert await asyncio.wait_for(reader.read(100), 5) == b""
            with pytest.raises(ConnectionRefusedError):
                await connect()
            await proxy.open()
            assert await say(*await connect()) == b"hello"

    asyncio.run(run())


def test_who_asks_while_it_is_paused_is_counted_and_answered_later() -> None:
    async def run() -> None:
        async with echo() as url, TcpProxy(url) as proxy:
            port = urlsplit(proxy.url).port
            proxy.pause()
            both = [
                asyncio.create_task(say(*await asyncio.open_connection("127.0.0.1", port)))
                for _ in range(2)
            ]
            await asyncio.wait_for(proxy.wait_for_requests(2), 5)
            done, _ = await asyncio.wait(both, timeout=0.1)
            assert not done
            proxy.resume()
            assert await asyncio.gather(*both) == [b"hello"] * 2

    asyncio.run(run())
