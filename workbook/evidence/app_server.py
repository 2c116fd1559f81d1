"""A real uvicorn beside the notebook, on a free port, with an HTTP client that talks to it."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import uvicorn

from workbook.base.problem import Problem
from workbook.evidence.exchanges import CURRENT, Exchange, Recorder

ROOT = logging.getLogger()


class _Quiet(uvicorn.Server):
    """uvicorn that leaves the kernel's signal handlers alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Kept(logging.Handler):
    """What uvicorn says; a traceback in the middle of a notebook would hide what is taught."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record, with its traceback, and note the error of the request it is about."""
        self.lines += self.format(record).splitlines()
        exchange = CURRENT.get()
        if exchange is not None and record.exc_info and exchange.error is None:
            exchange.error = record.exc_info[1]


class Service:
    """One running app: `async with lab.serve(app) as client:` or `start` and `stop`."""

    def __init__(self, app: Any) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._recorder = Recorder(app)
        config = uvicorn.Config(
            self._recorder, log_config=None, lifespan="auto", timeout_graceful_shutdown=5
        )
        self._server = _Quiet(config)
        self._task: asyncio.Task[None] | None = None
        self._client: httpx.AsyncClient | None = None
        self._kept = _Kept()

    @property
    def exchanges(self) -> list[Exchange]:
        """Every request that was served, with its answer and with what the server logged of it."""
        return self._recorder.exchanges

    async def start(self) -> httpx.AsyncClient:
        """Serve, and return a client whose base address is the app; bounded by ten seconds."""
        ROOT.addHandler(self._kept)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        for _ in range(1000):
            if self._server.started:
                # It speaks plain HTTP: to read the certificates of the world takes 20 ms.
                self._client = httpx.AsyncClient(base_url=self.url, timeout=10, verify=False)
                return self._client
            if self._task.done():
                break
            await asyncio.sleep(0.01)
        await self.stop()
        last = [line for line in self._kept.lines if line.strip()][-3:]
        raise Problem("The app did not start. The end of its log says why:\n" + "\n".join(last))

    async def finished(self) -> None:
        """Wait until the app has returned from every request, for ten seconds at most.

        What runs after an answer, such as the end of a dependency, has run by then.
        """
        for _ in range(2000):
            if all(each.ended for each in self.exchanges):
                return
            await asyncio.sleep(0.005)
        raise TimeoutError("a request did not end within ten seconds")

    async def stop(self) -> None:
        """Let requests in flight finish, for five seconds at most, then stop."""
        if self._client is not None:
            await self._client.aclose()
        self._server.should_exit = True
        if self._task is not None:
            with contextlib.suppress(SystemExit, TimeoutError):
                await asyncio.wait_for(self._task, 10)
        self._socket.close()
        ROOT.removeHandler(self._kept)

    async def __aenter__(self) -> httpx.AsyncClient:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
