"""One container of a replayed stack: it waits for others, runs, is asked how it is, and ends.

                                    ┌────────────────────────────────────────────────┐
                                    │            yes                  no, too often  │
    waiting ──(its conditions hold)─┼─► starting ────► healthy ◄─────────► unhealthy │
       │                            │                                                │
       │                            └─► running, where it has no health check        │
       │                            └────────────────────────┬───────────────────────┘
       └ for good, where a condition cannot hold any more    └─(its process ends)──► exited

Two tasks write the state, and never at once: `_live` sets the beginning and the end, and between
them `_watch_health` what the health check leads to; it is cancelled before the end.
"""

import asyncio
import re
from collections.abc import Callable

from workbook.base.problem import Problem
from workbook.base.waiting import cancel_and_wait
from workbook.stack import programs
from workbook.stack.addresses import POSTGRES, WEB
from workbook.stack.compose_file import Service
from workbook.stack.container_site import Site
from workbook.stack.health_watch import HealthWatch
from workbook.stack.network import listens
from workbook.stack.process import ManagedProcess
from workbook.stack.state import LogLine, State

ConditionHolds = Callable[[str, str], bool | None]
"""Whether a service meets a condition of `depends_on`; None where it never will."""


SERVES = re.compile(r"(?:running on|listening at:?) https?://\S+?:(\d+)", re.IGNORECASE)
PATIENCE = 25.0
"""Seconds that a container gets to listen, before a no of its health check counts."""


class Container:
    """What all containers have in common; a kind of image says how it runs."""

    stop_signal = "SIGTERM"
    """What the image says; the service may say another."""

    def __init__(
        self, site: Site, service: Service, service_name: str, condition_holds: ConditionHolds
    ) -> None:
        self.site, self.service, self.service_name = site, service, service_name
        self.state = State("waiting")
        self.stopped = asyncio.Event()
        """Set when it was told to stop, also where its process has not begun."""
        self.box = self._make_box()
        self._condition_holds = condition_holds
        self._life: asyncio.Task[None] | None = None

    def _make_box(self) -> ManagedProcess:
        raise NotImplementedError

    async def _run(self) -> int:
        """Run to the end; the exit code. Raises RuntimeError or Problem where it cannot run."""
        raise NotImplementedError

    @property
    def log(self) -> list[LogLine]:
        """What it has said."""
        return self.box.log

    def begin(self) -> None:
        """Live, from now on."""
        self._life = asyncio.create_task(self._live())

    @property
    def may_start(self) -> bool:
        """Whether it waits for what may still come."""
        return self.state.kind == "waiting" and self._life is not None and not self._life.done()

    async def _live(self) -> None:
        if not await self._conditions_hold():
            return
        self.state = State("starting" if self.service.health else "running")
        watching = asyncio.create_task(self._watch_health())
        try:
            self.state = State("exited", await self._run())
        except (RuntimeError, Problem) as error:
            self.box.say(str(error))
            self.state = State("exited", 1)
        finally:
            await cancel_and_wait(watching)  # the question that it asks ends too

    async def _conditions_hold(self) -> bool:
        """Wait until all conditions hold; False as soon as one never will."""
        for name, condition in self.service.after.items():
            while not (holds := self._condition_holds(name, condition)):
                if holds is None:
                    return False
                await asyncio.sleep(0.03)
        return True

    async def _watch_health(self) -> None:
        if self.service.health is None:
            return
        watch, began = HealthWatch(self.service.health, self.site.fail_early), _now()
        while True:
            await asyncio.sleep(watch.pause)
            passed = await self.asked() == 0
            self.state = watch.after(self.state, passed, await self._counts(began))

    async def asked(self) -> int:
        """The exit code of the health check, asked once; 127 where the image lacks its program."""
        assert self.service.health is not None
        if missing := programs.first_missing(self._image(), self.service.health.test):
            self._say_once(missing.sentence)
            return programs.NOT_FOUND
        test = self.site.network.rewrite_command(self.service.name, self.service.health.test)
        return await self.box.ask(test, self.service.health.timeout)

    async def _counts(self, began: float) -> bool:
        """Whether a no counts: after the start period, or, to fail early, once it listens."""
        assert self.service.health is not None
        if self.site.fail_early:
            port = POSTGRES if self.service.postgres else WEB
            listening = await listens(self.site.network.port(self.service.name, port), 0.05)
            return listening or self._serves_elsewhere() or _now() - began >= PATIENCE
        return _now() - began >= self.service.health.start_period

    def _serves_elsewhere(self) -> bool:
        """Whether it has said that it serves at another port."""
        own = str(self.site.network.port(self.service.name, WEB))
        said = (found[1] for line in self.log if (found := SERVES.search(line.text)))
        return any(port != own for port in said)

    def _image(self) -> programs.Image:
        return programs.Image(self.service.image)

    def _say_once(self, sentence: str) -> None:
        if sentence not in [line.text for line in self.log]:
            self.box.say(sentence)

    async def stop(self) -> None:
        """Stop it as `docker compose stop` does: a signal, and SIGKILL after its grace."""
        self.stopped.set()
        if self.state.kind not in ("waiting", "exited"):
            first = self.service.stop_signal or self.stop_signal
            await self.box.stop(first, min(self.service.grace, self.site.longest_grace))
        if self._life is not None and self.state.kind != "waiting":
            await self._life

    async def remove(self) -> None:
        """End it, whatever it is doing."""
        self.stopped.set()
        if self._life is not None:
            await cancel_and_wait(self._life)
        await self.box.stop(self.stop_signal, 1)


def _now() -> float:
    return asyncio.get_running_loop().time()
