"""Clients that insert while their server crashes: what failed, what was lost, for each design."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from workbook.base.problem import Problem
from workbook.base.waiting import eventually
from workbook.display.table import Table
from workbook.evidence.private_server import PrivateServer

Design = Callable[[Callable[[Any], Awaitable[Any]]], Awaitable[Any]]
"""What a design offers: it runs this work, on a session or a connection of its own."""
CLIENTS = 8
ENOUGH = 80
"""So many rows are promised before the crash comes, and so many more before the load ends."""
PATIENCE = 15.0
"""How many seconds each of the two may take."""
EMPTY_TABLE = (
    "DROP TABLE IF EXISTS crash_load",
    "CREATE TABLE crash_load (key text PRIMARY KEY)",
)
INSERT_KEY = text("INSERT INTO crash_load VALUES (:key) ON CONFLICT DO NOTHING")


class CrashLoad:
    """Runs one design after the other through the same crash, on a server that may crash."""

    def __init__(self, server: PrivateServer) -> None:
        self._server = server
        self._promised: set[str] = set()
        self._failed = 0
        self._last_failure = ""
        self._ended = False

    async def table(self, designs: dict[str, Design]) -> Table:
        """One row for each design; how many failed is about so many, for each run has its own.

        They stand last: as text, a figure of another length moves what stands behind it in its row.
        """
        rows = [(name, *await self._outcome(design)) for name, design in designs.items()]
        return Table(("design", "promised and lost", "requests that failed"), rows)

    async def _outcome(self, design: Design) -> tuple[int, str]:
        """How many promised rows are not there, and how many requests failed, in words."""
        await self._rows(*EMPTY_TABLE)
        self._promised, self._failed, self._ended = set(), 0, False
        load = asyncio.gather(*(self._client(design, number) for number in range(CLIENTS)))
        try:
            await self._crash()
        finally:
            self._ended = True
            await load
        kept = await self._rows("SELECT key FROM crash_load")
        failed = f"some: ≈ {self._failed} of ≈ {self._failed + len(self._promised)}"
        return len(self._promised - kept), failed if self._failed else "none"

    async def _crash(self) -> None:
        """In the middle of the load, which goes on until the server has long been back."""
        await self._further_rows()
        await self._server.restart()
        await self._further_rows()

    async def _further_rows(self) -> None:
        wanted = len(self._promised) + ENOUGH

        async def are_promised() -> bool:
            return len(self._promised) >= wanted

        if not await eventually(are_promised, PATIENCE):
            raise Problem(
                f"{CLIENTS} clients tried for {PATIENCE:.0f} seconds, and hardly an insert came to"
                f" a good end. The last that failed, with: {self._last_failure or 'no error'}"
            )

    async def _client(self, design: Design, number: int) -> None:
        for turn in count():
            if self._ended:
                return
            key = f"{number} {turn}"
            try:
                await self._insert(design, key)
                self._promised.add(key)
            except Exception as error:  # whatever it is, a client would see it
                self._failed += 1
                self._last_failure = str(error) or type(error).__name__
            await asyncio.sleep(0.02)

    async def _insert(self, design: Design, key: str) -> None:
        """As a monitor does: where it is told that nobody knows, it sends the same again."""
        while True:
            try:
                await design(lambda session: session.execute(INSERT_KEY, {"key": key}))
                return
            except Exception as error:
                if type(error).__name__ != "CommitLost" or self._ended:
                    raise

    async def _rows(self, *statements: str) -> set[str]:
        """What the last of these statements gives."""
        engine = create_async_engine(self._server.url)
        try:
            async with engine.begin() as connection:
                for sql in statements:
                    found = await connection.execute(text(sql))
                return {row[0] for row in found} if found.returns_rows else set()
        finally:
            await engine.dispose()
