"""The app of a drill as a process: a uvicorn on a port of its own, and what it writes."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx

from workbook.base.problem import Problem
from workbook.base.programs import search_path
from workbook.base.urls import for_sqlalchemy
from workbook.base.waiting import eventually
from workbook.postgres.probe import free_port
from workbook.stack.process import ManagedProcess

START_SECONDS = 20.0
"""How long the app may take to answer, and its migrations to run."""
END_SECONDS = 8.0
"""How long requests in flight get when it is stopped."""
KEY = 4 * "nightwatch"
"""Signs tokens for as long as a drill lasts."""


class AppFailsError(Problem):
    """The copy of the app does not start, or does not serve what every good app serves."""


class ServedApp:
    """One app in its folder and on its database; it ends with whoever has started it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.port = folder, free_port()
        self._environment = {
            "PATH": search_path(),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "DATABASE_URL": for_sqlalchemy(url),
            "TOKEN_KEY": KEY,
        }
        self._process: ManagedProcess | None = None
        self._ended: asyncio.Task[int] | None = None
        self._before: list[str] = []

    async def start(self) -> None:
        """Run the migrations and serve; AppFailsError with the end of its log where that fails."""
        await self.stop()
        await self._migrate()
        self._process = ManagedProcess(self.folder, self._environment)
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        await self._process.start(["uvicorn", "app.main:app", *address, "--no-access-log"])
        self._ended = asyncio.create_task(self._process.wait())
        async with httpx.AsyncClient(trust_env=False, verify=False, timeout=1) as client:
            if not await eventually(lambda: self._answers(client), START_SECONDS, 0.05):
                raise AppFailsError(
                    f"The app does not start. Its last words:\n{self._last_words()}"
                )

    async def _migrate(self) -> None:
        process = ManagedProcess(self.folder, self._environment)
        if await process.run(["alembic", "upgrade", "head"], START_SECONDS):
            said = "\n".join(each.text for each in process.log[-5:])
            raise AppFailsError(f"`alembic upgrade head` fails on the copy:\n{said}")

    async def _answers(self, client: httpx.AsyncClient) -> bool:
        """Whether it serves; AppFailsError where it has ended instead."""
        if self._ended is not None and self._ended.done():
            raise AppFailsError(f"The app ends as it starts. Its last words:\n{self._last_words()}")
        try:
            await client.get(f"http://127.0.0.1:{self.port}/livez")
        except httpx.TransportError:
            return False
        return True

    def _last_words(self) -> str:
        lines = [each.text for each in self._process.log] if self._process else []
        return "\n".join([line for line in lines if line.strip()][-5:])

    async def stop(self) -> None:
        """End it; requests in flight are finished, for some seconds at most."""
        if self._process is not None:
            self._before += [each.text for each in self._process.log]
            await self._process.stop("SIGTERM", END_SECONDS)
        if self._ended is not None:
            await asyncio.wait([self._ended], timeout=END_SECONDS)
        self._process = self._ended = None

    async def settled(self) -> None:
        """Wait until it has written what there is to write: a line comes after its answer."""
        count = -1
        for _ in range(10):
            if count == (count := len(self._process.log) if self._process else 0):
                break
            await asyncio.sleep(0.1)

    def log(self) -> list[dict[str, Any]]:
        """What it has written so far that is JSON, also before it was started anew."""
        now = [each.text for each in self._process.log] if self._process else []
        found = []
        for line in [*self._before, *now]:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return [each for each in found if isinstance(each, dict)]
