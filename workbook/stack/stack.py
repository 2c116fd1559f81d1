"""A stack that runs: started, looked at until nothing moves, asked, interrupted, removed."""

import asyncio
import contextlib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Self

import httpx

from workbook.base.problem import Problem
from workbook.base.waiting import eventually
from workbook.display.table import Table
from workbook.stack import in_flight, schema_lock
from workbook.stack.backend import StackBackend
from workbook.stack.compose_file import ComposeFileError
from workbook.stack.dockerfile import DockerfileError
from workbook.stack.first_start import FirstStart
from workbook.stack.state import LogLine, State, StateChange, last_words
from workbook.stack.state_chart import StateChart

SECRETS = {
    "POSTGRES_PASSWORD": "nightwatch",
    "APP_PASSWORD": "nightwatch",
    "TOKEN_KEY": 4 * "nightwatch",
}
"""The variables of `.env`, as our Compose files want them; a stack lives for minutes."""
SAID_SECONDS = 50.0
"""How long a line of a log is waited for, where nothing else is said."""


@dataclass
class Stack:
    """The containers of one Compose file; `async with` removes them at the end."""

    backend: StackBackend
    changes: list[StateChange] = field(default_factory=list)
    """Every change of a state, in order."""
    logs: dict[str, list[LogLine]] = field(default_factory=dict)
    """What the containers had said when they were last looked at."""
    afterwards: Callable[[], None] = lambda: None
    """Called once, when everything is removed."""
    _closed: bool = False
    _looked: float = 0.0
    """When the states were last asked for, in seconds since the epoch."""

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
        first = FirstStart(held=slow_start)
        await self._begin(SECRETS | variables, scale or {}, first)
        await self._settle(first, ends)
        return await self.table()

    async def _begin(
        self,
        variables: Mapping[str, str],
        scale: Mapping[str, int],
        first: FirstStart,
        keep_existing: bool = False,
    ) -> None:
        try:
            await self.backend.begin(variables, scale, first, keep_existing)
        except (ComposeFileError, DockerfileError) as error:
            raise Problem(f"This stack cannot be started: {error}.") from None

    async def _settle(self, first: FirstStart, ends: Sequence[str]) -> None:
        """Wait until nothing moves, and until a first start that was held is over; bounded."""

        async def settled() -> bool:
            return await self._settled(first, ends) and await first.is_over(self._has_said)

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.backend.patience):
                await eventually(settled, self.backend.patience, self.backend.pause)

    async def _settled(self, first: FirstStart, ends: Sequence[str]) -> bool:
        """Look once: note what changed, let the first start go on, and say if nothing moves."""
        starting = self.backend.starting()  # asked first: who was started since is in the states
        states = await self.backend.states()
        self._note(states)
        ended = bool(states) and all(_ended(states, name) for name in ends)
        refused = sum(each.refused for each in states.values())
        await first.look(bool(ends) and ended, refused, self._has_said)
        moving = any(each.kind == "starting" for each in states.values())
        return bool(states) and ended and not moving and not starting

    async def _has_said(self, what: re.Pattern[str]) -> bool:
        logs = [await self.backend.log(name) for name in await self.backend.states()]
        return any(what.search(line.text) for log in logs for line in log)

    async def said(self, text: str, seconds: float = SAID_SECONDS) -> None:
        """Wait until a container has written a line with this text; Problem where none does."""
        what = re.compile(re.escape(text))
        if not await eventually(lambda: self._has_said(what), seconds, self.backend.pause):
            raise Problem(f"Within {seconds:.0f} seconds no container has said {text!r}.")

    def _note(self, states: Mapping[str, State]) -> None:
        self._looked = time.time()
        before = {each.name: each.state for each in self.changes}
        for name, state in states.items():
            if name not in before or str(before[name]) != str(state):
                self.changes.append(StateChange(time.time(), name, state))

    async def table(self) -> Table:
        """Each container: its state, and the last words of those that have ended."""
        states = await self.backend.states()
        self.logs = {name: await self.backend.log(name) for name in states}
        rows = [
            (name, str(state), last_words(self.logs[name]) if state.kind == "exited" else "")
            for name, state in sorted(states.items())
        ]
        return Table(("container", "state", "last words"), rows)

    def draw(self) -> StateChart:
        """The states and the log lines of the last start, on one time line."""
        return StateChart(list(self.changes), dict(self.logs), self._looked)

    async def client(self, name: str, port: int = 8000) -> httpx.AsyncClient:
        """An HTTP client for a container; whoever asks for it closes it."""
        host, there = await self.backend.address(name, port)
        # It speaks plain HTTP to this machine: it needs no certificates and no proxy.
        url = f"http://{host}:{there}"
        return httpx.AsyncClient(base_url=url, timeout=10, verify=False, trust_env=False)

    async def race(self, name: str, at_the_door: int) -> Table:
        """Two containers of one service that migrate at the same moment: how each of them ended.

        The schema is held until so many stand at its door, so that what happens is certain.
        """
        await self.up(scale={name: 0})
        host, port = await self.backend.address("db", 5432)
        free = FirstStart(held=False)
        async with schema_lock.held(host, port, until_waiting=at_the_door):
            await self._begin(SECRETS, {name: 2}, free, keep_existing=True)
        await self._settle(free, ())
        rows = [(name, *row[1:]) for row in (await self.table()).rows if row[0] != "db"]
        return Table(("container", "state", "last words"), sorted(rows))

    async def stop(self, name: str) -> None:
        """Stop a container as `docker compose stop` does: SIGTERM, and SIGKILL after its grace."""
        await self.backend.stop(name)

    async def interrupt(
        self,
        name: str,
        path: str,
        body: dict[str, object],
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Table:
        """Stop a container while it is in the middle of a request, and say what became of both."""
        async with await self.client(name) as client:
            client.headers.update(headers)
            outcome = await in_flight.stop_during_request(
                client, path, body, partial(self.stop, name)
            )
        state = (await self.backend.states())[name]
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
            await self.backend.close()
        self.afterwards()


def _ended(states: Mapping[str, State], name: str) -> bool:
    """Whether every container of this service has ended."""
    own = [s for n, s in states.items() if n == name or n.rpartition("-")[0] == name]
    return bool(own) and all(each.kind == "exited" for each in own)
