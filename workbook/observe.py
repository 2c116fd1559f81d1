"""The second connection: what the rest of the world sees while your transaction is open."""

import asyncio
import gc
from typing import Any

import asyncpg

from workbook.table import Table

NAME = "observer"

_ACTIVITY = """
SELECT pid, application_name, state, coalesce(wait_event_type, '') AS waits,
       rtrim(regexp_replace(query, '\\s+', ' ', 'g'), '; ') AS query
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
  AND pid <> pg_backend_pid()
ORDER BY backend_start, pid
"""

_WAITS = """
SELECT waiter.pid AS waiter, blocker.pid AS blocker, waiter.query AS wants, blocker.query AS holds
FROM pg_stat_activity AS waiter
CROSS JOIN LATERAL unnest(pg_blocking_pids(waiter.pid)) AS blocking(pid)
JOIN pg_stat_activity AS blocker ON blocker.pid = blocking.pid
WHERE waiter.datname = current_database()
ORDER BY waiter.backend_start, blocker.backend_start
"""


class Observer:
    """A connection of the workbook's own; it reads, and it never holds a lock for long."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection | None = None
        self._turn = asyncio.Lock()

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        """Rows of one statement, in autocommit, within five seconds."""
        async with self._turn:
            connection = await self._open()
            rows: list[asyncpg.Record] = await connection.fetch(sql, *values, timeout=5)
            return rows

    async def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        rows = await self.fetch(sql, *values)
        return rows[0][0] if rows else None

    async def count(self, table: str) -> int:
        """How many rows of a table are committed, as any other connection sees it."""
        exists = await self.value("SELECT to_regclass($1) IS NOT NULL", table)
        if not exists:
            return 0
        quoted = await self.value("SELECT to_regclass($1)::text", table)
        return int(await self.value(f"SELECT count(*) FROM {quoted}"))

    async def activity(self, expect: int | None = None) -> Table:
        """Who is connected to this notebook's database, and what each does.

        With `expect`, wait up to five seconds until that many are there: a connection that was
        forgotten leaves when Python throws it away, and a backend needs a moment to go.
        """
        gc.collect()
        rows = await self.fetch(_ACTIVITY)
        for _ in range(250):
            if expect is None or len(rows) == expect:
                break
            await asyncio.sleep(0.02)
            rows = await self.fetch(_ACTIVITY)
        cells = [
            (number, row["state"], row["waits"] if row["state"] == "active" else "", row["query"])
            for number, row in enumerate(rows, 1)
        ]
        count = "1 connection" if len(rows) == 1 else f"{len(rows) or 'No'} connections"
        note = f"{count} to this database, besides the observer's own."
        return Table(("connection", "state", "waits for", "last statement"), cells, note)

    async def locks(self) -> Table:
        """Who waits for whom."""
        rows = await self.fetch(_WAITS)
        pids = sorted({row[key] for row in rows for key in ("waiter", "blocker")})
        name = {pid: f"connection {number}" for number, pid in enumerate(pids, 1)}
        cells = [(name[r["waiter"]], r["wants"], name[r["blocker"]], r["holds"]) for r in rows]
        note = "" if rows else "Nobody waits for anybody."
        return Table(("waits", "wants", "for", "whose last statement is"), cells, note)

    async def close(self) -> None:
        """Close the connection, if it was opened."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _open(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            settings = {"application_name": NAME, "lock_timeout": "2s"}
            self._connection = await asyncpg.connect(
                self._url, timeout=5, statement_cache_size=0, server_settings=settings
            )
        return self._connection
