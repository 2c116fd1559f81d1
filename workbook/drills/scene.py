"""Where the clients of a drill meet the app: who asks, and a hand on the database beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from workbook.base.waiting import eventually
from workbook.evidence.observe import Observer

HELD_SECONDS = 1.5
"""How long a gate stays shut at most: less than the app's lock_timeout of two seconds."""
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


AS_TEAM = "SELECT set_config('app.team', $1, true)"
HEAP_ORDER = ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan")
"""Plans that give rows in another order than that in which they lie; switched off."""


class TooBusyError(Exception):
    """The requests have not come to where they were to meet: the machine has too much to do."""


class Scene:
    """One running app and its database, whoever serves it."""

    def __init__(self, client_of: Callable[[int], httpx.AsyncClient], admin_url: str) -> None:
        self.client_of = client_of
        """A client that asks as somebody of this team."""
        self.observer = Observer(admin_url)
        self._admin_url = admin_url

    @staticmethod
    def user_of(team: int) -> int:
        """Somebody of this team, as whom its client asks: the rows of the story begin so."""
        return team

    @staticmethod
    def another_of(team: int) -> int:
        """Somebody else of this team."""
        return team + 4

    def send(
        self, team: int, method: str, path: str, **more: Any
    ) -> "asyncio.Task[httpx.Response]":
        """Send a request, and do not wait for its answer."""
        return asyncio.create_task(self.client_of(team).request(method, path, **more))

    async def get(self, team: int, path: str, **query: str | int) -> Any:
        """What a GET answers, as JSON; httpx.HTTPStatusError where it is refused."""
        answer = await self.client_of(team).get(path, params=query)
        return answer.raise_for_status().json()

    @staticmethod
    def new_key() -> str:
        """A key that no alert has had."""
        return f"drill/{uuid4().hex}"

    async def incident(self, team: int, key: str = "", severity: str = "major") -> int:
        """Let a monitor send an alert of this team; the id of the incident that it is about."""
        alert = {"team_id": team, "dedupe_key": key or self.new_key()}
        alert |= {"title": "Disk is full", "severity": severity}
        answer = await self.client_of(team).post("/alerts", json=alert)
        return int(answer.raise_for_status().json()["incident_id"])

    @asynccontextmanager
    async def gate(self, team: int, sql: str, *values: Any) -> AsyncIterator[None]:
        """Hold what this statement locks of a team's, in a transaction of somebody else's."""
        other = await asyncpg.connect(self._admin_url, timeout=5)
        try:
            async with other.transaction():
                await other.execute(AS_TEAM, str(team))
                await other.execute(sql, *values)
                yield
        finally:
            other.terminate()

    async def change(self, team: int, sql: str, *values: Any) -> None:
        """Change a team's rows, as somebody with a hand on the database."""
        async with self.gate(team, sql, *values):
            pass

    async def rows(self, team: int, sql: str, *values: Any) -> list[Any]:
        """The first column of a query, as somebody else of this team, in its own transaction."""
        other = await asyncpg.connect(self._admin_url, timeout=5)
        try:
            async with other.transaction():
                await other.execute(AS_TEAM, str(team))
                return [row[0] for row in await other.fetch(sql, *values)]
        finally:
            other.terminate()

    async def read_from_the_beginning(self) -> None:
        """Let every new connection to this database read tables in the order of their rows.

        A small table is read so by a planner with statistics; without them it may take an index.
        """
        name = await self.observer.value("SELECT quote_ident(current_database())")
        for each in HEAP_ORDER:
            await self.observer.fetch(f"ALTER DATABASE {name} SET {each} = off")

    async def all_wait(self, sent: Sequence["asyncio.Task[httpx.Response]"]) -> None:
        """Wait until each of these requests waits for a lock, or is answered: it needs none.

        TooBusyError where they do not come to it.
        """

        async def there() -> bool:
            waiting = int(await self.observer.value(WAITING))
            return waiting + sum(each.done() for each in sent) >= len(sent)

        if not await eventually(there, HELD_SECONDS, 0.01):
            raise TooBusyError

    async def close(self) -> None:
        """Let go of the database."""
        await self.observer.close()
