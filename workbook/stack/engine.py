"""A stack in containers: `docker compose` on the app's own file, and what the engine says of it."""

import asyncio
import json
import os
import re
import secrets
import signal
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from workbook.base.problem import Problem
from workbook.postgres import docker, probe
from workbook.stack.process import kill_and_wait, spawn
from workbook.stack.reading import Service, services
from workbook.stack.state import Kind, Line, State

BUILD = 600.0
"""Seconds that a build may take: the first one fetches images and packages."""
SECONDS = 90.0
PASSED_ON = ("PATH", "HOME", "DOCKER_", "XDG_", "SSH_", "http", "HTTP", "NO_PROXY", "no_proxy")
PROJECT = re.compile("nightwatch-[0-9a-f]{8}")
HOLD = "#!/bin/sh\nuntil [ -e /tmp/go-on ]; do sleep 0.1; done\n"


class Engine:
    """A stack of containers, from a Compose file and the app's folder."""

    how = "In containers, by docker compose."
    pause = 0.3  # a look is two commands of Docker's

    def __init__(self, folder: Path, text: str) -> None:
        self._folder, self._text = folder, text
        self._project = folder.name if PROJECT.fullmatch(folder.name) else _new_name()
        self._variables: dict[str, str] = {}
        self._database = ""
        self.began = False
        """Whether its containers were started once."""
        self._starting: asyncio.subprocess.Process | None = None
        self._ids: dict[str, str] = {}
        self._all_made = False
        self._refused: set[tuple[str, str]] = set()
        """Each no of a health check, by its container and its moment: the engine forgets them."""

    async def begin(
        self, variables: Mapping[str, str], scale: Mapping[str, int], hold: bool, more: bool
    ) -> None:
        """Make every container anew and start them in their order; volumes stay.

        With `more`, only those are made that are not there.
        """
        found = services(self._text, variables)
        await (self._let_go() if more else self.end())
        self._variables = {"APP_PORT": str(probe.free_port())} | dict(variables)
        self._all_made = False
        self._write(found, scale, hold)
        self._database = next((each.name for each in found.values() if each.postgres), "")
        if any(each.build for each in found.values()):
            await self._compose("build", "--quiet", seconds=BUILD)
        wanted = [f"--scale={name}={number}" for name, number in scale.items()]
        self.began = True
        self._starting = await self._process("up", "-d", "--no-build", "--no-recreate", *wanted)

    def starting(self) -> bool:
        """Whether a container that waits may still be started."""
        return self._starting is not None and self._starting.returncode is None

    def _write(self, found: Mapping[str, Service], scale: Mapping[str, int], hold: bool) -> None:
        """The learner's file, and beside it what this run changes in it."""
        first_start = self._folder / "hold"
        first_start.mkdir(parents=True, exist_ok=True)
        (first_start / "hold.sh").write_text(HOLD, "utf-8")
        (self._folder / "docker-compose.yml").write_text(self._text, "utf-8")
        change = {name: _changed(each, hold) for name, each in found.items()}
        for name in (each for each in scale if found[each].ports):
            change[name]["ports"] = "RESET"  # many cannot have one port of this machine
        text = yaml.safe_dump({"services": change}).replace("RESET", "!reset []")
        (self._folder / "changes.yml").write_text(text, "utf-8")

    async def states(self) -> dict[str, State]:
        """What each container is doing now."""
        if not self._all_made:
            over = not self.starting()
            await self._find()
            self._all_made = over and bool(self._ids)
            if over and not self._ids:
                await self._complain()
        if not self._ids:
            return {}
        said = await self._docker("inspect", *self._ids.values(), may_fail=True)
        every = json.loads(said or "[]")
        self._refused |= {(each["Id"], no) for each in every for no in _refusals(each["State"])}
        counts = Counter(container for container, _ in self._refused)
        found = {each["Id"]: _state(each["State"], counts[each["Id"]]) for each in every}
        return {name: state for name, short in self._ids.items()
                for full, state in found.items() if full.startswith(short)}  # fmt: skip

    async def _complain(self) -> None:
        """Say why nothing was started: an image that cannot be fetched, a port that is taken."""
        if self._starting is not None and self._starting.returncode:
            starting, self._starting = self._starting, None
            await _ended(starting, "docker compose up", SECONDS)

    async def _find(self) -> None:
        """The containers' names and ids, once all of them are made."""
        asked = await self._process("ps", "--all", "--format", "json")
        listed = await _ended(asked, "docker compose ps", SECONDS, may_fail=True)
        found = [json.loads(line) for line in listed.splitlines()]
        count = {each["Service"]: 0 for each in found}
        for each in found:
            count[each["Service"]] += 1
        made = {each["Name"].removeprefix(f"{self._project}-"): each for each in found}
        names = {name: name if count[each["Service"]] > 1 else each["Service"]
                 for name, each in sorted(made.items())}  # fmt: skip
        self._ids = {names[name]: made[name]["ID"] for name in names}

    async def log(self, name: str) -> list[Line]:
        """What a container has said."""
        said = await self._docker("logs", "--timestamps", self._ids[name], both=True)
        return sorted(map(_line, said.splitlines()), key=lambda line: line.when)

    async def release(self) -> None:
        """Let the first start of the database go on, where it is held."""
        if found := self._ids.get(self._database):
            await self._docker("exec", found, "touch", "/tmp/go-on", may_fail=True)

    async def address(self, name: str, port: int) -> tuple[str, int]:
        """Where a container's port is on this machine."""
        said = await self._docker("port", self._ids[name], str(port))
        return "127.0.0.1", int(said.split()[0].rpartition(":")[2])

    async def stop(self, name: str) -> None:
        """Stop a container as `docker compose stop` does."""
        await self._compose("stop", name)

    async def end(self) -> None:
        """Remove the containers; what is in a named volume stays."""
        await self._let_go()
        if self._variables:
            await self._compose("rm", "--stop", "--force", "--volumes")
        self._ids = {}

    async def _let_go(self) -> None:
        """End the command that starts containers, if it still waits for one."""
        if self._starting is not None:
            await kill_and_wait(self._starting, signal.SIGTERM)
        self._starting = None

    async def close(self) -> None:
        """Remove everything, the image of the app too."""
        await self._let_go()
        if self._variables:
            await self._compose("down", "--timeout=1", "--volumes", "--rmi=local")

    # docker, as a command

    async def _compose(self, *words: str, seconds: float = SECONDS) -> str:
        process = await self._process(*words)
        return await _ended(process, f"docker compose {words[0]}", seconds)

    async def _process(self, *words: str) -> asyncio.subprocess.Process:
        files = ("--file=docker-compose.yml", "--file=changes.yml")
        every = ("docker", "compose", f"--project-name={self._project}", *files, *words)
        return await self._start(every, self._variables)

    async def _docker(self, *words: str, both: bool = False, may_fail: bool = False) -> str:
        process = await self._start(("docker", *words), {})
        return await _ended(process, f"docker {words[0]}", SECONDS, both, may_fail)

    async def _start(
        self, words: tuple[str, ...], variables: Mapping[str, str]
    ) -> asyncio.subprocess.Process:
        """Without the notebook's own variables: the file is to find those it is given."""
        kept = {key: value for key, value in os.environ.items() if key.startswith(PASSED_ON)}
        return await spawn(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self._folder,
            env=kept | dict(variables),
        )


async def _ended(
    process: asyncio.subprocess.Process,
    what: str,
    seconds: float,
    both: bool = False,
    may_fail: bool = False,
) -> str:
    """What it printed; Problem where it fails, or does not end."""
    try:
        out, err = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        await kill_and_wait(process, signal.SIGKILL)
        raise Problem(f"`{what}` did not end within {seconds:.0f} seconds. {NEXT}") from None
    if process.returncode and not may_fail:
        last = " ".join(err.decode(errors="replace").strip().splitlines()[-3:])
        raise Problem(f"`{what}` failed: {last} {NEXT}")
    return (out + err if both else out).decode(errors="replace")


NEXT = (
    "Look at that, or run `%env WORKBOOK_DOCKER=off` and then this cell again: plain processes do"
    " it then."
)


def _changed(service: Service, hold: bool) -> dict[str, Any]:
    """What a run changes: where the database may be asked, and which image stands for it."""
    if not service.postgres:
        return {"ports": ["127.0.0.1::8000"]} if service.build and not service.ports else {}
    change: dict[str, Any] = {"ports": ["127.0.0.1::5432"]}
    if hold:
        change["volumes"] = ["./hold:/docker-entrypoint-initdb.d:ro"]
    if image := os.environ.get("WORKBOOK_PG_IMAGE"):
        change["image"] = image
        change["environment"] = {"PGDATA": f"/var/lib/postgresql/{service.postgres}/docker"}
    return change


def _refusals(said: dict[str, Any]) -> list[str]:
    """When a health check said no, of the last five times that it was asked."""
    log = (said.get("Health") or {}).get("Log") or []
    return [each["Start"] for each in log if each["ExitCode"] != 0]


def _state(said: dict[str, Any], refused: int) -> State:
    health = said.get("Health") or {}
    if said["Status"] == "created":
        return State("waiting")
    if said["Status"] in ("exited", "dead"):
        return State("exited", said["ExitCode"])
    kind: Kind = {"starting": "starting", "healthy": "healthy", "unhealthy": "unhealthy"}.get(
        health.get("Status", ""), "running"
    )  # type: ignore[assignment]
    return State(kind, 0, refused)


def _line(said: str) -> Line:
    when, _, text = said.partition(" ")
    moment, _, fraction = when.rstrip("Z").partition(".")
    seconds = datetime.fromisoformat(f"{moment}+00:00").timestamp()
    return Line(seconds + float(f"0.{fraction or 0}"), text)


def _new_name() -> str:
    return f"nightwatch-{secrets.token_hex(4)}"


def forget(project: str) -> None:
    """Remove what is left of a project whose process is gone."""
    if docker.engine():
        docker.docker("compose", "--project-name", project, *DOWN, seconds=SECONDS)


DOWN = ("down", "--timeout=1", "--volumes", "--remove-orphans")


def answers() -> bool:
    """Whether an engine answers that may be used, with Compose beside it."""
    return docker.engine() and docker.docker("compose", "version", seconds=20).returncode == 0
