"""Clients that insert while their server crashes: what failed, what was lost, for each design."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from workbook.display.table import Table
from workbook.evidence.private_server import OwnServer

Run = Callable[[Callable[[Any], Awaitable[Any]]], Awaitable[Any]]
"""What a design offers: run this work, on a session or a connection of its own."""
CLIENTS, SECONDS, CALM = 8, 1.6, 0.5
"""How many clients insert, for how long, and how long before the crash."""
ADD = text("INSERT INTO storm VALUES (:key) ON CONFLICT DO NOTHING")


class Storm:
    """Runs one design after the other through the same storm, on a server of its own."""

    def __init__(self, own: OwnServer) -> None:
        self._own = own
        self._promised: set[str] = set()
        self._failed = 0

    async def table(self, designs: dict[str, Run]) -> Table:
        """One row for each design; numbers that differ from run to run are words."""
        rows = [(name, *await self._through(run)) for name, run in designs.items()]
        return Table(("design", "requests that failed", "promised and lost"), rows)

    async def _through(self, run: Run) -> tuple[str, int]:
        await self._rows("DROP TABLE IF EXISTS storm", "CREATE TABLE storm (key text PRIMARY KEY)")
        self._promised, self._failed = set(), 0
        until = monotonic() + SECONDS
        await asyncio.gather(*[self._client(run, n, until) for n in range(CLIENTS)], self._crash())
        kept = await self._rows("SELECT key FROM storm")
        assert len(self._promised) > CLIENTS, "the clients hardly came to anything"
        return "some" if self._failed else "none", len(self._promised - kept)

    async def _client(self, run: Run, number: int, until: float) -> None:
        while monotonic() < until:
            key = f"{number} {monotonic()}"
            try:
                await self._insert(run, key)
                self._promised.add(key)
            except Exception:  # whatever it is, a client would see it
                self._failed += 1
            await asyncio.sleep(0.02)

    async def _insert(self, run: Run, key: str) -> None:
        """As a monitor does: where it is told that nobody knows, it sends the same again."""
        while True:
            try:
                await run(lambda session: session.execute(ADD, {"key": key}))
                return
            except Exception as error:
                if type(error).__name__ != "CommitLost":
                    raise

    async def _crash(self) -> None:
        await asyncio.sleep(CALM)
        await self._own.restart()

    async def _rows(self, *statements: str) -> set[str]:
        """What the last of these statements gives."""
        engine = create_async_engine(self._own.url)
        try:
            async with engine.begin() as connection:
                for sql in statements:
                    found = await connection.execute(text(sql))
                return {row[0] for row in found} if found.returns_rows else set()
        finally:
            await engine.dispose()
