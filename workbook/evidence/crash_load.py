"""Clients that insert while their server crashes: what failed, what was lost, for each design."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from workbook.display.table import Table
from workbook.evidence.private_server import PrivateServer

Design = Callable[[Callable[[Any], Awaitable[Any]]], Awaitable[Any]]
"""What a design offers: it runs this work, on a session or a connection of its own."""
CLIENTS, LOAD_SECONDS, SECONDS_BEFORE_CRASH = 8, 1.6, 0.5
"""How many clients insert, for how long, and how long before the crash."""
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

    async def table(self, designs: dict[str, Design]) -> Table:
        """One row for each design; numbers that differ from run to run are words."""
        rows = [(name, *await self._outcome(design)) for name, design in designs.items()]
        return Table(("design", "requests that failed", "promised and lost"), rows)

    async def _outcome(self, design: Design) -> tuple[str, int]:
        await self._rows(*EMPTY_TABLE)
        self._promised, self._failed = set(), 0
        until = monotonic() + LOAD_SECONDS
        clients = [self._client(design, number, until) for number in range(CLIENTS)]
        await asyncio.gather(*clients, self._crash())
        kept = await self._rows("SELECT key FROM crash_load")
        assert len(self._promised) > CLIENTS, "the clients hardly came to anything"
        return "some" if self._failed else "none", len(self._promised - kept)

    async def _client(self, design: Design, number: int, until: float) -> None:
        while monotonic() < until:
            key = f"{number} {monotonic()}"
            try:
                await self._insert(design, key)
                self._promised.add(key)
            except Exception:  # whatever it is, a client would see it
                self._failed += 1
            await asyncio.sleep(0.02)

    async def _insert(self, design: Design, key: str) -> None:
        """As a monitor does: where it is told that nobody knows, it sends the same again."""
        while True:
            try:
                await design(lambda session: session.execute(INSERT_KEY, {"key": key}))
                return
            except Exception as error:
                if type(error).__name__ != "CommitLost":
                    raise

    async def _crash(self) -> None:
        await asyncio.sleep(SECONDS_BEFORE_CRASH)
        await self._server.restart()

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
