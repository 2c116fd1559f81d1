"""A stack in containers: `docker compose` on the app's own file, and what the engine says of it."""

import asyncio
import contextlib
import re
import secrets
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from workbook.base import settings
from workbook.base.problem import Problem
from workbook.postgres import docker, probe
from workbook.stack import docker_command, inspection
from workbook.stack.compose_file import Service, services
from workbook.stack.docker_command import DockerCommand
from workbook.stack.first_start import FirstStart
from workbook.stack.postgres_image import data_folder
from workbook.stack.process import kill_and_wait
from workbook.stack.state import LogLine, State

BUILD = 600.0
"""Seconds that a build may take: the first one fetches images and packages."""
PROJECT = re.compile("nightwatch-[0-9a-f]{8}")
GO_ON = "/tmp/go-on"
HOLD = f"#!/bin/sh\nuntil [ -e {GO_ON} ]; do sleep 0.1; done\n"
"""What the image runs in its first start, where that is held."""


class ComposeBackend:
    """A stack of containers, from a Compose file and the app's folder.

    `command` runs `docker`; without one it is the machine's own.
    """

    how = "In containers, by docker compose."
    pause = 0.3  # a look is two commands of Docker's
    patience = 110.0  # three containers that begin at once take a busy engine a minute

    def __init__(self, folder: Path, text: str, command: DockerCommand | None = None) -> None:
        self._folder, self._text = folder, text
        project = folder.name if PROJECT.fullmatch(folder.name) else new_project()
        self._command = command or DockerCommand(folder, project)
        self._database = ""
        """The name of the database's service."""
        self.began = False
        """Whether its containers were started once."""
        self._up: asyncio.subprocess.Process | None = None
        self._ids: dict[str, str] = {}
        self._all_made = False
        self._inspector = inspection.Inspector()
        self._first_start = FirstStart(held=False)
        self._told_to_go_on = True

    async def begin(
        self,
        variables: Mapping[str, str],
        scale: Mapping[str, int],
        first_start: FirstStart,
        keep_existing: bool = False,
    ) -> None:
        """Make every container anew and start them in their order; volumes stay.

        With `keep_existing`, only those are made that are not there.
        """
        found = services(self._text, variables, self._folder)
        await (self._end_up() if keep_existing else self._remove_containers())
        self._command.variables = {"APP_PORT": str(probe.free_port())} | dict(variables)
        self._all_made = False
        self._first_start, self._told_to_go_on = first_start, not first_start.held
        self._write(found, scale)
        self._database = next((each.name for each in found.values() if each.postgres), "")
        if any(each.build for each in found.values()):
            await self._command.compose("build", "--quiet", seconds=BUILD)
        wanted = [f"--scale={name}={number}" for name, number in scale.items()]
        self.began = True
        self._up = await self._command.start_compose(
            "up", "-d", "--no-build", "--no-recreate", *wanted
        )

    def starting(self) -> bool:
        """Whether a container that waits may still be started."""
        return self._up is not None and self._up.returncode is None

    def _write(self, found: Mapping[str, Service], scale: Mapping[str, int]) -> None:
        """The learner's file, and beside it what this run changes in it."""
        hold = self._folder / "hold"
        hold.mkdir(parents=True, exist_ok=True)
        (hold / "hold.sh").write_text(HOLD, "utf-8")
        (self._folder / "docker-compose.yml").write_text(self._text, "utf-8")
        lines = (f"{name}={_quoted(value)}\n" for name, value in self._command.variables.items())
        (self._folder / ".env").write_text("".join(lines), "utf-8")
        changes = {name: _changed(each, self._first_start.held) for name, each in found.items()}
        for name in (each for each in scale if found[each].ports):
            changes[name]["ports"] = "RESET"  # many cannot have one port of this machine
        text = yaml.safe_dump({"services": changes}).replace("RESET", "!reset []")
        (self._folder / "changes.yml").write_text(text, "utf-8")

    async def states(self) -> dict[str, State]:
        """What each container is doing now; a first start that was released is told to go on."""
        if not self._all_made:
            await self._find_containers()
        if not self._ids:
            return {}
        await self._release()
        said = await self._command.docker("inspect", *self._ids.values(), may_fail=True)
        found = self._inspector.states(said)
        return {name: state for name, short in self._ids.items()
                for full, state in found.items() if full.startswith(short)}  # fmt: skip

    async def _find_containers(self) -> None:
        over = not self.starting()  # asked first: then all of them are made
        listed = await self._command.compose("ps", "--all", "--format", "json", may_fail=True)
        self._ids = inspection.containers(listed, self._command.project)
        self._all_made = over and bool(self._ids)
        if over and not self._ids:
            await self._complain()

    async def _complain(self) -> None:
        """Say why nothing was started: an image that cannot be fetched, a port that is taken."""
        if self._up is not None and self._up.returncode:
            up, self._up = self._up, None
            await docker_command.output(up, "docker compose up")

    async def _release(self) -> None:
        """Let the first start of the database go on, once it may and its container is there."""
        if self._told_to_go_on or not self._first_start.released.is_set():
            return
        with contextlib.suppress(Problem):
            await self._command.docker("exec", self._ids.get(self._database, ""), "touch", GO_ON)
            self._told_to_go_on = True

    async def log(self, name: str) -> list[LogLine]:
        """What a container has said."""
        said = await self._command.docker("logs", "--timestamps", self._ids[name], both=True)
        return sorted(map(inspection.log_line, said.splitlines()), key=lambda line: line.when)

    async def address(self, name: str, port: int) -> tuple[str, int]:
        """Where a container's port is on this machine."""
        said = await self._command.docker("port", self._ids[name], str(port))
        return "127.0.0.1", int(said.split()[0].rpartition(":")[2])

    async def stop(self, name: str) -> None:
        """Stop a container as `docker compose stop` does."""
        await self._command.compose("stop", name)

    async def _remove_containers(self) -> None:
        """What is in a named volume stays."""
        await self._end_up()
        if self._command.variables:
            await self._command.compose("rm", "--stop", "--force", "--volumes")
        self._ids = {}

    async def _end_up(self) -> None:
        """End the command that starts containers, if it still waits for one."""
        if self._up is not None:
            await kill_and_wait(self._up, signal.SIGTERM)
        self._up = None

    async def close(self) -> None:
        """Remove everything, the image of the app too."""
        await self._end_up()
        if self._command.variables:
            await self._command.compose("down", "--timeout=1", "--volumes", "--rmi=local")


def _quoted(value: str) -> str:
    """The value as it stands in a `.env`."""
    return f'"{value}"' if "'" in value else f"'{value}'"


def _changed(service: Service, hold: bool) -> dict[str, Any]:
    """What a run changes: where the database may be asked, and which image stands for it."""
    if not service.postgres:
        return {"ports": ["127.0.0.1::8000"]} if service.build and not service.ports else {}
    change: dict[str, Any] = {"ports": ["127.0.0.1::5432"]}
    if hold:
        change["volumes"] = ["./hold:/docker-entrypoint-initdb.d:ro"]
    if image := settings.read().pg_image:
        change["image"] = image
        change["environment"] = {"PGDATA": data_folder(service)}
    return change


def new_project() -> str:
    """A name for a Compose project of ours, which `PROJECT` matches."""
    return f"nightwatch-{secrets.token_hex(4)}"


def remove_project(project: str) -> None:
    """Remove what is left of a project whose process is gone."""
    if docker.engine():
        down = ("down", "--timeout=1", "--volumes", "--remove-orphans")
        command = ("compose", "--project-name", project, *down)
        docker.docker(*command, seconds=docker_command.SECONDS)


def engine_answers() -> bool:
    """Whether an engine answers that may be used, with Compose beside it."""
    return docker.engine() and docker.has_compose()
