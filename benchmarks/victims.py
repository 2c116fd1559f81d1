"""The two apps that faults are tried on, and the PostgreSQL of their own that breaks under them."""

import asyncio
import contextlib
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import asyncpg

from benchmarks import apps
from workbook.postgres import EmbeddedServer, databases, new_private_cluster

RECIPE = replace(apps.RECIPE, access_log=False)
OURS = replace(apps.OURS, options=("--timeout-graceful-shutdown", "5"))
BOTH = (RECIPE, OURS)
SETTINGS = {"synchronous_commit": "on", "max_connections": 80}
"""A row that is acknowledged must survive the crash of the server."""
TEMPLATE = "faults"
USER = "/users/1"


@dataclass(frozen=True)
class Seen:
    """What a fault did to one app, in words, and how that misses the goal, if it does."""

    words: str
    miss: str = ""


@dataclass(frozen=True)
class Victim:
    """One app with a database of its own."""

    running: apps.Running
    url: str
    log: Path
    begin: int
    """Where this fault's lines begin in the log."""

    @property
    def port(self) -> int:
        return self.running.port

    @contextlib.asynccontextmanager
    async def session(self) -> AsyncIterator[asyncpg.Connection]:
        """Connect to its database, past the app."""
        async with session(self.url) as connection:
            yield connection

    async def fetch(self, sql: str, *values: object) -> list[Any]:
        """Run one statement, or several without values; return the first column."""
        async with session(self.url) as connection:
            if values or sql.strip().startswith("SELECT"):
                return [row[0] for row in await connection.fetch(sql, *values)]
            await connection.execute(sql)
            return []

    def because(self, miss: str) -> str:
        """How it missed the goal, if it did, and what the last traceback in its log says."""
        found = ""
        for line in self.log.read_bytes()[self.begin :].splitlines():
            with contextlib.suppress(ValueError, TypeError, KeyError):
                found = _reason(json.loads(line)["error"]) or found
        return f"{miss}; the last error in its log is {found}" if miss and found else miss


def _reason(traceback: str) -> str:
    """What SQLAlchemy or Python says of the error: the line before the SQL."""
    lines = [each for each in traceback.splitlines() if each and not each.startswith((" ", "["))]
    kept = [each for each in lines if not each.startswith(("(Background", "During", "The above"))]
    return next((each for each in reversed(kept) if "Error" in each), kept[-1] if kept else "")


async def until(happened: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Wait until it has happened, at most so many seconds; say whether it did."""
    deadline = monotonic() + seconds
    while not await happened():
        if monotonic() > deadline:
            return False
        await asyncio.sleep(0.03)
    return True


@contextlib.asynccontextmanager
async def session(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that is hung up at the end: what it had begun is rolled back."""
    connection = await asyncpg.connect(url, timeout=10, command_timeout=30)
    try:
        yield connection
    finally:
        connection.terminate()


class Place:
    """A private server, and the two apps, with fresh databases for each fault."""

    def __init__(self, server: EmbeddedServer, folder: Path) -> None:
        self.server, self.folder = server, folder
        self._running: list[apps.Running] = []
        self._stack = contextlib.ExitStack()

    async def empty(self, name: str) -> str:
        """Make an empty database, in place of the last of this name; return its URL."""
        await databases.recreate(self.server, name)
        return self.server.url(name, role="admin")

    async def filled(self, name: str) -> str:
        """Make a database with tables and rows, in place of the last of this name.

        Without the checkpoint a crash may set its sequences back to where the template's were:
        the copy has them as read ahead, and the first numbers taken write no WAL.
        """
        await databases.recreate(self.server, name, TEMPLATE)
        async with session(self.server.url(role="admin")) as admin:
            await admin.execute("CHECKPOINT")
        return self.server.url(name, role="admin")

    def close(self) -> None:
        """Stop the apps."""
        self._running = []
        self._stack.close()

    @contextlib.contextmanager
    def victims(self, urls: list[str], path: str = "") -> Iterator[list[Victim]]:
        """The recipe and the reference app; they serve the next fault too, unless one has ended.

        With a path they start anew, and are waited for at this path.
        """
        if path or not all(each.process.poll() is None for each in self._running):
            self.close()
        if not self._running:
            with ThreadPoolExecutor() as pool:  # at once, since each takes its seconds
                self._running = list(pool.map(partial(self._start, path or USER), BOTH, urls))
        for each in [] if path else self._running:
            apps.wait(each, self._log(each.app), USER)
        logs = [self._log(each.app) for each in self._running]
        yield [
            Victim(running, url, log, log.stat().st_size)
            for running, url, log in zip(self._running, urls, logs, strict=True)
        ]

    def _start(self, path: str, app: apps.App, url: str) -> apps.Running:
        return self._stack.enter_context(apps.serve(app, url, self._log(app), path))

    def _log(self, app: apps.App) -> Path:
        return self.folder / f"{app.target}.log"


@contextlib.contextmanager
def place() -> Iterator[Place]:
    """Start the server, and make what is copied for each fault; all of it goes at the end."""
    with tempfile.TemporaryDirectory(prefix="nightwatch-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server's account must be able to enter when we are root
        server = new_private_cluster(folder / "server", **SETTINGS)
        server.start()
        with contextlib.ExitStack() as ends:
            ends.callback(server.stop)
            made = Place(server, folder)
            apps.make(asyncio.run(made.empty(TEMPLATE)))
            ends.callback(made.close)
            yield made
