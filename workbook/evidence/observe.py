"""The second connection: what the rest of the world sees while your transaction is open."""

import asyncio
import gc
import re
from typing import Any

import asyncpg

from workbook.base.problem import Problem
from workbook.base.waiting import eventually
from workbook.display.table import Table

NAME = "observer"
EXPECT_TIMEOUT = 5
"""How many seconds an expected number of rows is waited for."""

_ACTIVITY = f"""
SELECT pid, application_name, state, coalesce(wait_event_type, '') AS waits,
       rtrim(regexp_replace(query, '\\s+', ' ', 'g'), '; ') AS query
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
  AND pid <> pg_backend_pid() AND (application_name, usename) <> ('{NAME}', current_user)
ORDER BY backend_start, pid
"""

_WAITS = """
SELECT waiter.pid AS waiter, blocker.pid AS blocker,
       rtrim(regexp_replace(waiter.query, '\\s+', ' ', 'g'), '; ') AS wants,
       rtrim(regexp_replace(blocker.query, '\\s+', ' ', 'g'), '; ') AS holds,
       waiter.backend_start AS waiter_since, blocker.backend_start AS blocker_since
FROM (SELECT DISTINCT pid FROM pg_locks WHERE NOT granted) AS waiting
CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS blocking(pid)
CROSS JOIN LATERAL pg_stat_get_activity(waiting.pid) AS waiter
CROSS JOIN LATERAL pg_stat_get_activity(blocking.pid) AS blocker
JOIN pg_database AS own ON own.oid = waiter.datid AND own.datname = current_database()
ORDER BY waiter.backend_start, blocker.backend_start
"""
"""First the locks, then the activity. A join with pg_stat_activity looks at the activity first, and
of somebody who begins to wait between the two it knows the statement before."""

_SETTLED = """
SELECT NOT EXISTS (
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
      AND pid <> pg_backend_pid() AND state <> 'idle'
)
"""


class Waits(Table):
    """Who waits for whom: a table, which JupyterLab draws."""

    _repr_html_ = None  # type: ignore[assignment]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """The drawing, where somebody waits."""
        said = {row[i]: row[i + 1] for row in self.rows for i in (0, 2)}
        name = {who: f"c{number}" for number, who in enumerate(sorted(map(str, said)), 1)}
        boxes = [f'    {name[str(who)]}["{who}: {_label(sql)}"]' for who, sql in said.items()]
        lines = [f"    {name[str(r[0])]} -->|waits for| {name[str(r[2])]}" for r in self.rows]
        drawn = {"text/vnd.mermaid": "\n".join(["flowchart LR", *sorted(boxes), *lines])}
        return (drawn if self.rows else {}) | {"text/plain": repr(self)}


def _label(sql: object) -> str:
    return re.sub(r'["<>]', "'", str(sql))


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
        rows = await self._rows(_ACTIVITY, expect)
        cells = [
            (number, row["state"], row["waits"] if row["state"] == "active" else "", row["query"])
            for number, row in enumerate(rows, 1)
        ]
        count = "1 connection" if len(rows) == 1 else f"{len(rows) or 'No'} connections"
        note = f"{count} to this database, besides the observer's own."
        return Table(("connection", "state", "waits for", "last statement"), cells, note)

    async def until(self, sql: str, *values: Any, seconds: float = 20) -> None:
        """Ask again and again until the answer is true; Problem when it is not within `seconds`."""
        if not await eventually(lambda: self.value(sql, *values), seconds):
            raise Problem(
                f"This did not become true within {seconds:.0f} seconds (where the machine is"
                f" busy, run the cell again): {sql}"
            )

    async def settled(self) -> None:
        """Wait until every transaction of this database has ended, for twenty seconds at most."""
        await self.until(_SETTLED)

    async def locks(self, expect: int | None = None) -> Waits:
        """Who waits for whom; with `expect`, after up to five seconds until that many wait."""
        rows = await self._rows(_WAITS, expect)
        since = {r[key]: r[f"{key}_since"] for r in rows for key in ("waiter", "blocker")}
        oldest_first = sorted(since, key=lambda pid: since[pid])
        name = {pid: f"connection {number}" for number, pid in enumerate(oldest_first, 1)}
        cells = [(name[r["waiter"]], r["wants"], name[r["blocker"]], r["holds"]) for r in rows]
        note = "" if rows else "Nobody waits for anybody."
        return Waits(("waits", "wants", "for", "whose last statement is"), cells, note)

    async def close(self) -> None:
        """Close the connection, if it was opened."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _rows(self, sql: str, expect: int | None) -> list[asyncpg.Record]:
        """What this query gives, at once or as soon as there are so many rows."""
        rows: list[asyncpg.Record] = []

        async def as_expected() -> bool:
            rows[:] = await self.fetch(sql)
            return expect is None or len(rows) == expect

        await eventually(as_expected, EXPECT_TIMEOUT)
        return rows

    async def _open(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            settings = {"application_name": NAME, "lock_timeout": "2s"}
            self._connection = await asyncpg.connect(
                self._url, timeout=5, statement_cache_size=0, server_settings=settings
            )
        return self._connection
