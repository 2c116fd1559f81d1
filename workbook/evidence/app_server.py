"""A real uvicorn beside the notebook, on a free port, with an HTTP client that talks to it."""

import asyncio
import contextlib
import logging
import socket
from typing import Any

import httpx
import uvicorn

from workbook.base.problem import Problem
from workbook.base.serving import SignalFreeServer
from workbook.base.waiting import eventually
from workbook.evidence.exchanges import Exchange, Recorder, current_exchange

root_logger = logging.getLogger()
REQUEST_TIMEOUT = 10
"""How many seconds an answer may take to come, a server to start, and a request to end."""
STOP_TIMEOUT = 5
"""How many seconds requests in flight get when the server stops."""

ONCE = httpx.Limits(max_connections=100, max_keepalive_connections=0)
"""A connection for each request: an app that fails after its answer closes the one it came on, and
a request that used it again at that moment would be lost."""


class _LogKeeper(logging.Handler):
    """What uvicorn says; a traceback in the middle of a notebook would hide what is taught."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record, with its traceback, and note the error of the request it is about."""
        self.lines += self.format(record).splitlines()
        exchange = current_exchange.get()
        if exchange is not None and record.exc_info and exchange.error is None:
            exchange.error = record.exc_info[1]


class AppServer:
    """One running app: `async with lab.serve(app) as client:` or `start` and `stop`."""

    def __init__(self, app: Any) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._recorder = Recorder(app)
        self._server = SignalFreeServer(
            uvicorn.Config(
                self._recorder,
                log_config=None,
                lifespan="auto",
                timeout_graceful_shutdown=STOP_TIMEOUT,
            )
        )
        self._task: asyncio.Task[None] | None = None
        self._client: httpx.AsyncClient | None = None
        self._log = _LogKeeper()

    @property
    def exchanges(self) -> list[Exchange]:
        """Every request that was served, with its answer and with what the server logged of it."""
        return self._recorder.exchanges

    async def start(self) -> httpx.AsyncClient:
        """Serve, and return a client whose base address is the app; Problem if it does not start.

        It has ten seconds to start.
        """
        root_logger.addHandler(self._log)
        serving = self._task = asyncio.create_task(self._serve())

        async def decided() -> bool:
            return self._server.started or serving.done()

        await eventually(decided, REQUEST_TIMEOUT, 0.01)
        if self._server.started:
            # It speaks plain HTTP: to read the certificates of the world takes 20 ms.
            self._client = httpx.AsyncClient(
                base_url=self.url,
                limits=ONCE,
                timeout=REQUEST_TIMEOUT,
                verify=False,
                trust_env=False,  # no proxy of the environment stands before this machine
            )
            return self._client
        await self.stop()
        last = [line for line in self._log.lines if line.strip()][-3:]
        raise Problem("The app did not start. The end of its log says why:\n" + "\n".join(last))

    async def finished(self) -> None:
        """Wait until the app has returned from every request; TimeoutError after ten seconds.

        What runs after an answer, such as the end of a dependency, has run by then.
        """

        async def all_ended() -> bool:
            return all(each.ended for each in self.exchanges)

        if not await eventually(all_ended, REQUEST_TIMEOUT, 0.005):
            raise TimeoutError("a request did not end within ten seconds")

    async def stop(self) -> None:
        """Let requests in flight finish, for five seconds at most, then stop."""
        if self._client is not None:
            await self._client.aclose()
        self._server.should_exit = True
        if self._task is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2 * STOP_TIMEOUT):
                    await self._task
        self._socket.close()
        root_logger.removeHandler(self._log)

    async def _serve(self) -> None:
        """Serve until it is told to stop, or until the app does not start.

        uvicorn exits then, which in a task would end the kernel.
        """
        with contextlib.suppress(SystemExit):
            await self._server.serve(sockets=[self._socket])

    async def __aenter__(self) -> httpx.AsyncClient:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
