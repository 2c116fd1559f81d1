"""A Postgres of one cell's own: stopped, started and broken without disturbing anybody."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Self

from workbook.base.urls import for_sqlalchemy
from workbook.postgres import databases, new_private_cluster

DATABASE = "own"


class PrivateServer:
    """A fresh server on a port of its own; `async with` starts it, and removes it at the end."""

    def __init__(self, settings: dict[str, str | int]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="nightwatch-own-"))
        self._folder.chmod(0o755)  # the server's account must be able to enter when we are root
        self._server = new_private_cluster(self._folder / "cluster", **settings)
        self._made = self._runs = False

    @property
    def url(self) -> str:
        """Its database, as SQLAlchemy wants it: `postgresql+asyncpg://…`; empty at first."""
        return for_sqlalchemy(self._server.url(DATABASE))

    async def start(self) -> None:
        """Start it, on the same port as before; raises PostgresProblem."""
        await asyncio.to_thread(self._server.start)
        self._runs = True
        if not self._made:
            await databases.create(self._server, DATABASE)
            self._made = True

    async def restart(self) -> None:
        """Stop it without a word to anybody, as a crash does, and start it again, in a second."""
        await asyncio.to_thread(self._server.restart, "immediate")

    async def stop(self) -> None:
        """Stop it, as an administrator does: every connection is ended."""
        await asyncio.to_thread(self._server.stop)
        self._runs = False

    async def remove(self) -> None:
        """Stop it if it runs, and remove its files; it cannot be started again."""
        if self._runs:
            await self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.remove()
