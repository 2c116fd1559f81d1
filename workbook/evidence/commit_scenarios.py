"""Five things that happen to a service, and what its client sees of each: for comparing designs."""

import asyncio
import contextlib
from typing import Any

import httpx
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from workbook.display.table import Table
from workbook.evidence.app_server import AppServer
from workbook.evidence.observe import Observer

HOLD_COMMITS = "SELECT pg_advisory_lock(6)"
RELEASE_COMMITS = "SELECT pg_advisory_unlock(6)"
COUNT_ROWS = "SELECT count(*) FROM user_account WHERE email = $1"
HELD_SECONDS = 1.0
"""How many seconds an answer has to arrive while COMMIT is held; it needs a few milliseconds."""


class CommitScenarios:
    """Tries the same five things with several apps, each with `POST /users` and `GET /names`.

    COMMIT must wait for the shared advisory lock 6, and fail for an email that is there.
    """

    def __init__(self, observer: Observer, engine: AsyncEngine, taken: str) -> None:
        self._observer, self._engine, self._taken = observer, engine, taken
        self.sessions: list[AsyncSession] = []
        """The sessions of streams, so that one that leaks can be closed."""
        self._seen: dict[str, int] = {}
        self._arrived = asyncio.Event()

    async def look(self, email: str) -> None:
        """A background task: count the rows of this email that it can see."""
        self._seen[email] = await self._rows(email)

    async def until_gone(self, request: Request, email: str) -> None:
        """Wait until nobody listens any more, where that is what is tried."""
        if email.startswith("gone"):
            self._arrived.set()
            while (await request.receive())["type"] != "http.disconnect":
                pass

    async def table(self, designs: dict[str, Any]) -> Table:
        """One row for each scenario, one column for each design."""
        columns = [await self._outcomes(name, app) for name, app in designs.items()]
        rows = [(what, *(each[what] for each in columns)) for what in columns[0]]
        return Table(("what happens", *designs), rows)

    async def _outcomes(self, name: str, app: Any) -> dict[str, str]:
        user = name.replace(" ", "-") + "@nightwatch.test"
        server = AppServer(app)
        async with server as client:
            return {
                "COMMIT is slow": await self._slow_commit(server, client, user),
                "a background task": "sees the row" if self._seen[user] else "sees no row",
                "COMMIT fails": await self._failing_commit(server, client),
                "the answer is a stream": await self._streamed_answer(server, client),
                "the client leaves": await self._client_leaves(server, client, f"gone-{user}"),
            }

    async def _slow_commit(self, server: AppServer, client: httpx.AsyncClient, email: str) -> str:
        await self._observer.fetch(HOLD_COMMITS)
        asking = asyncio.create_task(_post(client, email))
        early, _ = await asyncio.wait([asking], timeout=HELD_SECONDS)
        await self._observer.fetch(RELEASE_COMMITS)
        status = await asking
        await server.finished()
        return f"{status}, {'before' if early else 'after'} the row"

    async def _failing_commit(self, server: AppServer, client: httpx.AsyncClient) -> str:
        status = await _post(client, self._taken)
        await server.finished()
        return f"{status}, no new row" if await self._rows(self._taken) == 1 else "two rows"

    async def _streamed_answer(self, server: AppServer, client: httpx.AsyncClient) -> str:
        names = len((await client.get("/names")).text.split())
        await server.finished()
        leaked = self._engine.pool.checkedout()  # type: ignore[attr-defined]
        while self.sessions:
            await self.sessions.pop().close()
        return f"{names} names" + (f", {leaked} connection leaked" if leaked else "")

    async def _client_leaves(self, server: AppServer, client: httpx.AsyncClient, email: str) -> str:
        self._arrived.clear()
        asking = asyncio.create_task(_post(client, email))
        async with asyncio.timeout(10):
            await self._arrived.wait()
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking
        await server.finished()
        return "the row is stored" if await self._rows(email) else "no row"

    async def _rows(self, email: str) -> int:
        return int(await self._observer.value(COUNT_ROWS, email))


async def _post(client: httpx.AsyncClient, email: str) -> int:
    return (await client.post("/users", json={"email": email})).status_code
