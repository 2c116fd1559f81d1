"""A stack without an engine: what Compose and the Postgres image do, done by plain processes.

The order of events is the image's own: an empty volume is filled by a private server that only
listens on its socket, then the real one starts. Compose's part is the waiting: conditions, health
checks, signals and exit codes.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from workbook.base.problem import Problem
from workbook.postgres.account import give, server_account
from workbook.postgres.binaries import find, reachable
from workbook.stack import dockerfile, warm_programs
from workbook.stack.cluster import Maker
from workbook.stack.network import POSTGRES, WEB, Network, listens
from workbook.stack.process import ManagedProcess, programs
from workbook.stack.reading import Health, Service, services
from workbook.stack.state import Line, State

SECONDS = 60.0
QUICK = ("-c", "fsync=off")
HASTY = 6
"""How often a health check says no, half a second apart, before that is its last word in haste."""


class Replay:
    """A stack of plain processes, from a Compose file and the app's folder.

    A health check is asked twice a second at least. `grace` caps each stop, in seconds. In `haste`,
    a health check is believed when it has said no often enough while its container listens.
    """

    how = "No Docker engine answers: plain processes replay what the containers do."
    pause = 0.1

    def __init__(self, folder: Path, text: str, grace: float = 60.0, haste: bool = False) -> None:
        self._app, self._text, self.grace, self.haste = folder, text, grace, haste
        self._place = Path(tempfile.mkdtemp(prefix=_beginning(folder.name)))
        self._place.chmod(0o755)  # the database's account must be able to enter when we are root
        self._account = server_account()
        found, _ = find()
        self._programs = reachable(found, self._account)
        self._containers: dict[str, _Container] = {}
        self.network = Network()
        self.gate = asyncio.Event()

    async def begin(
        self, variables: Mapping[str, str], scale: Mapping[str, int], hold: bool, more: bool
    ) -> None:
        """Make every container anew and start them in their order; volumes stay.

        With `more`, only those are made that are not there.
        """
        if not more:
            await self.end()
            self.gate = asyncio.Event()
        if not hold:
            self.gate.set()
        found = services(self._text, variables)
        if any(each.build for each in found.values()):
            warm_programs.fork_server()  # it gets warm while the database starts
            dockerfile.stages((self._app / "Dockerfile").read_text("utf-8"))
        every = {name: service for service in found
                 for name in instances(service, scale.get(service, 1))}  # fmt: skip
        self.network.join([replace(found[of], name=name) for name, of in every.items()])
        new = [name for name in every if name not in self._containers]
        for name, of in every.items():
            kind = _Database if found[of].postgres else _Program
            if name in new:
                self._containers[name] = kind(self, replace(found[of], name=name), of)
        for name in new:
            self._containers[name].begin()

    def starting(self) -> bool:
        """Whether a container that waits may still be started."""
        waits = [each for each in self._containers.values() if each.state.kind == "waiting"]
        return any(each.task is not None and not each.task.done() for each in waits)

    async def states(self) -> dict[str, State]:
        """What each container is doing now."""
        return {name: each.state for name, each in self._containers.items()}

    async def log(self, name: str) -> list[Line]:
        """What a container has said."""
        return list(self._containers[name].log)

    async def release(self) -> None:
        """Let the first start of the database go on."""
        self.gate.set()

    async def address(self, name: str, port: int) -> tuple[str, int]:
        """Where a container's port is on this machine."""
        return "127.0.0.1", self.network.port(name, port)

    async def stop(self, name: str) -> None:
        """Stop a container as `docker compose stop` does."""
        await self._containers[name].stop()

    async def end(self) -> None:
        """Remove the containers; what is in a named volume stays."""
        await asyncio.gather(*(each.remove() for each in self._containers.values()))
        self._containers, self.network = {}, Network()

    async def close(self) -> None:
        """Remove everything."""
        await self.end()
        shutil.rmtree(self._place, ignore_errors=True)

    # What a container needs to know of its world

    def healthy(self, name: str, condition: str) -> bool | None:
        """Whether a condition holds for all containers of a service; None where it never will."""
        states = [each.state for each in self._containers.values() if each.of == name]
        met = [_met(each, condition) for each in states]
        return None if None in met else all(met)

    def volume(self, service: Service) -> Path:
        """The folder of the database's data: that of a named volume, or the container's own."""
        name = next((v.split(":")[0] for v in service.volumes if holds_data(service, v)), "")
        folder = self._place / (name or f"of-container-{service.name}")
        if not folder.exists():
            folder.mkdir(mode=0o700)
            give(folder, self._account)
        return folder

    def room(self, name: str) -> Path:
        """A folder of a container's own."""
        folder = self._place / f"run-{name}"
        folder.mkdir(exist_ok=True)
        return give(folder, self._account)


def forget(project: str) -> None:
    """Remove the data of a project whose process is gone; those that it started went with it."""
    for place in Path(tempfile.gettempdir()).glob(f"{_beginning(project)}*"):
        shutil.rmtree(place, ignore_errors=True)


def _beginning(project: str) -> str:
    """How the folder of its data begins: short, as a socket's path has to be."""
    return f"nw-{project[-8:]}-"


def instances(service: str, number: int) -> list[str]:
    """The names of a service's containers."""
    return [service] if number == 1 else [f"{service}-{each}" for each in range(1, number + 1)]


def holds_data(service: Service, volume: str) -> bool:
    """Whether the data of this Postgres image lie in a volume that is mounted like this.

    Images up to 17 keep them in `/var/lib/postgresql/data`, later ones in a folder of their version
    under `/var/lib/postgresql`: https://github.com/docker-library/postgres/pull/1259
    """
    old = service.postgres < 18
    data = "/var/lib/postgresql/" + ("data" if old else f"{service.postgres}/docker")
    target = volume.split(":")[1].rstrip("/") if ":" in volume else ""
    declared = "/var/lib/postgresql/data" if old else "/var/lib/postgresql"
    return target.startswith(declared) and f"{data}/".startswith(f"{target}/")


def _met(state: State, condition: str) -> bool | None:
    if condition == "service_completed_successfully":
        return (state.code == 0 or None) if state.kind == "exited" else False
    if condition == "service_healthy":
        never = state.kind in ("unhealthy", "exited")
        return None if never else state.kind == "healthy"
    return state.kind != "waiting"


class _Container:
    """One container: it waits for others, runs, is asked how it is, and ends."""

    def __init__(self, world: Replay, service: Service, of: str) -> None:
        self.service, self.of, self.world, self.network = service, of, world, world.network
        self.state = State("waiting")
        self.task: asyncio.Task[None] | None = None
        self.stopped = False
        self.box = self._box()

    @property
    def log(self) -> list[Line]:
        return self.box.log

    def _box(self) -> ManagedProcess:
        raise NotImplementedError

    async def _run(self) -> int:
        """Run to the end; the exit code."""
        raise NotImplementedError

    def begin(self) -> None:
        """Live, from now on."""
        self.task = asyncio.create_task(self.live())

    async def live(self) -> None:
        """From the waiting to the end."""
        if not await self._may_start():
            return
        self.state = State("starting" if self.service.health else "running")
        asking = asyncio.create_task(self._ask_again_and_again())
        try:
            self.state = State("exited", await self._run())
        except (RuntimeError, Problem) as error:
            self.box.say(str(error))
            self.state = State("exited", 1)
        finally:
            asking.cancel()

    async def _may_start(self) -> bool:
        for name, condition in self.service.after.items():
            while not (met := self.world.healthy(name, condition)):
                if met is None:
                    return False
                await asyncio.sleep(0.03)
        return True

    async def _ask_again_and_again(self) -> None:
        health, began, refused = self.service.health, asyncio.get_running_loop().time(), 0
        if health is None:
            return
        pause = min(health.interval, 0.5)  # the same patience in all, asked more often
        retries = HASTY if self.world.haste else health.retries * health.interval / pause
        while True:
            await asyncio.sleep(pause)
            code = await self._ask(health)
            if self.state.kind == "exited":
                return
            early = asyncio.get_running_loop().time() - began < health.start_period
            early = not await self._listens() if self.world.haste else early
            refused = 0 if code == 0 else refused + (not early)
            kind = self.state.kind
            kind = "healthy" if not code else "unhealthy" if refused >= retries else kind
            self.state = State(kind, 0, self.state.refused + (code != 0))

    async def _listens(self) -> bool:
        port = POSTGRES if self.service.postgres else WEB
        return await listens(self.network.port(self.service.name, port), 0.05)

    async def _ask(self, health: Health) -> int:
        test = self.network.all_seen_by(self.service.name, health.test)
        return await self.box.ask(test, health.timeout)

    async def stop(self) -> None:
        self.stopped = True
        if self.state.kind not in ("waiting", "exited"):
            await self.box.stop(self._signal(), min(self.service.grace, self.world.grace))
        if self.task is not None and self.state.kind != "waiting":
            await self.task

    def _signal(self) -> str:
        return "SIGTERM"

    async def remove(self) -> None:
        if self.task is not None:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task
        await self.box.stop(self._signal(), 1)


class _Program(_Container):
    """A container of the app's image."""

    def _box(self) -> ManagedProcess:
        own = {k: self.network.seen_by(self.service.name, v)
               for k, v in self.service.environment.items()}  # fmt: skip
        port = str(self.network.port(self.service.name, WEB))  # what uvicorn takes by itself: 8000
        usual = {"PATH": programs(), "PYTHONUNBUFFERED": "1", "UVICORN_PORT": port}
        return ManagedProcess(self.world._app, usual | own)

    async def _run(self) -> int:
        text = (self.world._app / "Dockerfile").read_text("utf-8")
        said = dockerfile.command(text, self.service.command)
        await self.box.start(self.network.all_seen_by(self.service.name, _by_a_shell(said)))
        return await self.box.wait()


def _by_a_shell(command: tuple[str, ...]) -> tuple[str, ...]:
    """The image's shell stays in front of what it runs; some others put the last command first."""
    if len(command) > 2 and command[0] in ("sh", "/bin/sh") and command[1] == "-c":
        return (*command[:2], f"{command[2]}\nexit $?", *command[3:])
    return command


class _Database(_Container):
    """A container of the Postgres image, with what its entrypoint does."""

    def _box(self) -> ManagedProcess:
        self._room = self.world.room(self.service.name)
        own = {
            "PATH": os.pathsep.join([str(self.world._programs), os.defpath]),
            "PGHOST": str(self._room),
            "PGPORT": str(self.network.port(self.service.name, POSTGRES)),
            "LC_ALL": "C",
        }
        account = self.world._account
        return ManagedProcess(
            self._room, self.service.environment | own, account.uid if account else 0
        )

    def _signal(self) -> str:
        return "SIGINT"  # the STOPSIGNAL of the image

    async def _run(self) -> int:
        refusal = refuses(self.service)
        if refusal:
            self.box.say(refusal)
            return 1
        data = self.world.volume(self.service) / "data"
        if not (data / "PG_VERSION").exists():
            await self._fill(data)
            if self.stopped:
                return 128 + signal.SIGINT
        else:
            self.box.say("PostgreSQL Database directory appears to contain a database; "
                         "Skipping initialization")  # fmt: skip
        await self._serve(data, "127.0.0.1")
        return await self.box.wait()

    async def _fill(self, data: Path) -> None:
        """The first start: a cluster, a private server on the socket, a database."""
        given = self.service.environment
        user = given.get("POSTGRES_USER", "postgres")
        await self._make(data, user, given.get("POSTGRES_PASSWORD", ""))
        if self.stopped:
            return
        await self._serve(data, "")
        await self._ready()
        name = given.get("POSTGRES_DB", user)
        if name != "postgres":
            await self.box.ask(["createdb", "-U", user, name], SECONDS)
        if not self.world.gate.is_set():
            self.box.say("running /docker-entrypoint-initdb.d/dump.sql")
        await self.world.gate.wait()
        await self.box.stop("SIGINT", 10)
        self.box.say("PostgreSQL init process complete; ready for start up.")

    async def _ready(self) -> None:
        for _ in range(600):
            if await self.box.ask(["pg_isready", "-q"], 5) == 0:
                return
            await asyncio.sleep(0.05)

    async def _make(self, data: Path, user: str, password: str) -> None:
        """Make the cluster; whoever is cancelled meanwhile waits until nobody writes there."""
        maker = Maker(self.world._programs, self.world._account)
        making = asyncio.create_task(asyncio.to_thread(maker.make, data, user, password))
        try:
            said = await asyncio.shield(making)
        except asyncio.CancelledError:
            await asyncio.wait([making])
            raise
        for line in said:
            self.box.say(line)

    async def _serve(self, data: Path, address: str) -> None:
        port = str(self.network.port(self.service.name, POSTGRES))
        settings = ["-c", f"listen_addresses={address}", "-c", f"port={port}",
                    "-c", f"unix_socket_directories={self._room}"]  # fmt: skip
        server = str(self.world._programs / "postgres")
        await self.box.start([server, "-D", str(data), *settings, *QUICK])


def refuses(service: Service) -> str:
    """What an image from 18 on says, and exits, where a volume is mounted as older ones want it."""
    targets = [each.split(":")[1].rstrip("/") for each in service.volumes if ":" in each]
    if service.postgres >= 18 and "/var/lib/postgresql/data" in targets:
        return (
            "there appears to be PostgreSQL data in: /var/lib/postgresql/data (unused mount/volume)"
        )
    return ""
