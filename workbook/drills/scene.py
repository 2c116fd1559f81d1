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

    async def incident(self, team: int) -> int:
        """Let a monitor open an incident of this team; its id."""
        alert = {"team_id": team, "dedupe_key": f"drill/{uuid4().hex}"}
        alert |= {"title": "Disk is full", "severity": "major"}
        answer = await self.client_of(team).post("/alerts", json=alert)
        return int(answer.raise_for_status().json()["incident_id"])

    @asynccontextmanager
    async def gate(self, team: int, sql: str, *values: Any) -> AsyncIterator[None]:
        """Hold what this statement locks of a team's, in a transaction of somebody else's."""
        other = await asyncpg.connect(self._admin_url, timeout=5)
        try:
            async with other.transaction():
                await other.execute("SELECT set_config('app.team', $1, true)", str(team))
                await other.execute(sql, *values)
                yield
        finally:
            other.terminate()

    async def change(self, team: int, sql: str, *values: Any) -> None:
        """Change a team's rows, as somebody with a hand on the database."""
        async with self.gate(team, sql, *values):
            pass

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
