"""An app and its database as Compose runs them: in containers, or replayed by plain processes."""

import asyncio
import contextlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

import httpx

from workbook.base.problem import Problem
from workbook.display.table import Table
from workbook.stack import inflight, picture, race
from workbook.stack.reading import Unfit
from workbook.stack.state import Change, Line, State, last_words

SECONDS = 50.0
"""How long all containers may take until nothing moves any more."""
PASSWORD = {"POSTGRES_PASSWORD": "nightwatch"}
FILLED = re.compile("init process complete|Skipping initialization")
"""What the Postgres image says when its first start is over, or was over before."""
HELD = re.compile("(running|sourcing) /docker-entrypoint-initdb.d/")
"""What it says when its private server is there, and what is to be loaded begins."""
REFUSALS = 2
"""After so many refusals since then a health check is taken to tell the truth, and the first start
goes on. One that says no before, while nobody listens anywhere, may still be one that lies."""


class World(Protocol):
    """Who runs the containers: an engine, or plain processes."""

    how: str
    pause: float
    """Seconds between two looks at it: what a look costs differs."""

    async def begin(
        self, variables: Mapping[str, str], scale: Mapping[str, int], hold: bool, more: bool
    ) -> None:
        """Make every container anew, or with `more` those that lack; volumes stay."""

    def starting(self) -> bool:
        """Whether a container that waits may still be started."""

    async def states(self) -> dict[str, State]:
        """What each container is doing now."""

    async def log(self, name: str) -> list[Line]:
        """What a container has said."""

    async def release(self) -> None:
        """Let the first start of the database go on, where it is held."""

    async def address(self, name: str, port: int) -> tuple[str, int]:
        """Where a container's port is on this machine."""

    async def stop(self, name: str) -> None:
        """Stop a container as `docker compose stop` does."""

    async def close(self) -> None:
        """Remove everything."""


@dataclass
class Stack:
    """The containers of one Compose file; `async with` removes them at the end."""

    world: World
    changes: list[Change] = field(default_factory=list)
    """Every change of a state, in order."""
    logs: dict[str, list[Line]] = field(default_factory=dict)
    """What the containers had said when they were last looked at."""
    afterwards: Callable[[], None] = lambda: None
    _closed: bool = False
    _held: bool = False
    """Whether the first start of the database goes on only when we say so."""
    _before: int | None = None
    """How often the health checks had said no when the first start of the database was held."""

    async def up(
        self,
        *,
        ends: Sequence[str] = (),
        slow_start: bool = False,
        scale: Mapping[str, int] | None = None,
        **variables: str,
    ) -> Table:
        """Start every container anew, and wait until nothing moves; volumes keep their content.

        `ends` names containers whose end is waited for. With `slow_start` the first start of the
        database has much to do: it goes on when those have ended, or when its health check has said
        no twice meanwhile. Variables are those of `.env`. Raises Problem.
        """
        self.changes, self.logs = [], {}
        self._held, self._before = slow_start, None
        await self._begin(PASSWORD | variables, scale or {}, slow_start)
        await self._settle(ends, FILLED if slow_start else None)
        return await self.table()

    async def _begin(
        self, variables: Mapping[str, str], scale: Mapping[str, int], hold: bool, more: bool = False
    ) -> None:
        try:
            await self.world.begin(variables, scale, hold, more)
        except Unfit as error:
            raise Problem(f"This stack cannot be started: {error}.") from None

    async def _settle(self, ends: Sequence[str], told: re.Pattern[str] | None = None) -> None:
        """Wait until nothing moves, and until some container has told of this; bounded."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SECONDS):
                await self._watch(ends, told)

    async def _watch(self, ends: Sequence[str], told: re.Pattern[str] | None) -> None:
        while True:
            if await self._settled(ends) and (told is None or await self._has_told(told)):
                return
            await asyncio.sleep(self.world.pause)

    async def _has_told(self, what: re.Pattern[str]) -> bool:
        lines = [await self.world.log(name) for name in await self.world.states()]
        return any(what.search(line.text) for log in lines for line in log)

    async def _settled(self, ends: Sequence[str]) -> bool:
        """Look once: note what changed, let the first start go on, and say if nothing moves."""
        starting = self.world.starting()  # asked first: who was started since is in the states
        states = await self.world.states()
        self._note(states)
        ended = bool(states) and all(_ended(states, name) for name in ends)
        if (ends and ended) or await self._tells_the_truth(states):
            await self.world.release()
        moving = any(each.kind == "starting" for each in states.values())
        return bool(states) and ended and not moving and not starting

    async def _tells_the_truth(self, states: dict[str, State]) -> bool:
        """Whether the health checks have said no often enough while the first start is held."""
        refused = sum(each.refused for each in states.values())
        if self._held and self._before is None and refused and await self._has_told(HELD):
            self._before = refused
        return self._before is not None and refused >= self._before + REFUSALS

    def _note(self, states: dict[str, State]) -> None:
        before = {each.name: each.state for each in self.changes}
        for name, state in states.items():
            if name not in before or str(before[name]) != str(state):
                self.changes.append(Change(time.time(), name, state))

    async def table(self) -> Table:
        """Each container: its state, and the last words of those that have ended."""
        states = await self.world.states()
        self.logs = {name: await self.world.log(name) for name in states}
        rows = [
            (name, str(state), last_words(self.logs[name]) if state.kind == "exited" else "")
            for name, state in sorted(states.items())
        ]
        return Table(("container", "state", "last words"), rows)

    def draw(self) -> picture.TimeLine:
        """The states and the log lines of the last start, on one time line."""
        return picture.TimeLine(list(self.changes), dict(self.logs))

    async def client(self, name: str, port: int = 8000) -> httpx.AsyncClient:
        """An HTTP client for a container; whoever asks for it closes it."""
        host, there = await self.world.address(name, port)
        # It speaks plain HTTP, and needs no certificates.
        return httpx.AsyncClient(base_url=f"http://{host}:{there}", timeout=10, verify=False)

    async def race(self, name: str, at_the_door: int) -> Table:
        """Two containers of one service that migrate at the same moment: how each of them ended.

        The schema is held until so many stand at its door, so that what happens is certain.
        """
        await self.up(scale={name: 0})
        host, port = await self.world.address("db", 5432)
        async with race.door(f"{host}:{port}", at_the_door):
            await self._begin(PASSWORD, {name: 2}, hold=False, more=True)
        await self._settle(())
        rows = [(name, *row[1:]) for row in (await self.table()).rows if row[0] != "db"]
        return Table(("container", "state", "last words"), sorted(rows))

    async def stop(self, name: str) -> None:
        """Stop a container as `docker compose stop` does: SIGTERM, and SIGKILL after its grace."""
        await self.world.stop(name)

    async def interrupt(self, name: str, path: str, body: dict[str, object]) -> Table:
        """Stop a container while it is in the middle of a request, and say what became of both."""
        async with await self.client(name) as client:
            outcome = await inflight.stopped(client, path, body, self.stop(name))
        state = (await self.world.states())[name]
        rows = [("the request in flight", outcome), (f"the container {name}", str(state))]
        return Table(("who", "outcome"), rows)

    async def __aenter__(self) -> Self:
        """Nothing runs yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Remove everything, also when the cell is interrupted."""
        await asyncio.shield(self.close())

    async def close(self) -> None:
        """Remove every container, volume and process of this stack; once is enough."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(Problem):
            await self.world.close()
        self.afterwards()


def _ended(states: dict[str, State], name: str) -> bool:
    """Whether every container of this service has ended."""
    own = [s for n, s in states.items() if n == name or n.rpartition("-")[0] == name]
    return bool(own) and all(each.kind == "exited" for each in own)
