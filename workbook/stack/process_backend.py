"""A stack without an engine: what Compose and the Postgres image do, done by plain processes.

The order of events is the image's own: an empty volume is filled by a private server that only
listens on its socket, then the real one starts. Compose's part is the waiting: conditions, health
checks, signals and exit codes.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from workbook.base import sockets
from workbook.postgres.account import server_account
from workbook.postgres.binaries import find, reachable
from workbook.stack import dockerfile, warm_programs
from workbook.stack.app_container import AppContainer
from workbook.stack.cluster import ClusterCache
from workbook.stack.compose_file import ComposeFileError, Service, services
from workbook.stack.container import Container
from workbook.stack.container_site import Site
from workbook.stack.database_container import DatabaseContainer
from workbook.stack.first_start import FirstStart
from workbook.stack.network import Network
from workbook.stack.state import LogLine, State


class ProcessBackend:
    """A stack of plain processes, from a Compose file and the app's folder.

    A health check is asked twice a second at least. `longest_grace` caps each stop, in seconds.
    With `fail_early`, a health check is believed when it has said no often enough while its
    container listens. `clusters` makes the data folders of databases.
    """

    how = "No Docker engine answers: plain processes replay what the containers do."
    pause = 0.1
    patience = 50.0

    def __init__(
        self,
        folder: Path,
        text: str,
        longest_grace: float = 60.0,
        fail_early: bool = False,
        clusters: ClusterCache | None = None,
    ) -> None:
        self._text = text
        self._containers: dict[str, Container] = {}
        data = Path(tempfile.mkdtemp(prefix=_prefix(folder.name), dir=sockets.home()))
        data.chmod(0o755)  # the database's account must be able to enter when we are root
        account = server_account()
        programs = reachable(find()[0], account)
        self._site = Site(
            app=folder,
            data=data,
            programs=programs,
            account=account,
            clusters=clusters or ClusterCache(programs, account),
            network=Network(),
            first_start=FirstStart(held=False),
            longest_grace=longest_grace,
            fail_early=fail_early,
        )

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
        if not keep_existing:
            await self._remove_containers()
        found = services(self._text, variables, self._site.app)
        _runs_here(found)
        if any(each.build for each in found.values()):
            warm_programs.fork_server()  # it gets warm while the database starts
            dockerfile.stages((self._site.app / "Dockerfile").read_text("utf-8"))
        named = {name: service for service in found
                 for name in _container_names(service, scale.get(service, 1))}  # fmt: skip
        self._site = replace(self._site, first_start=first_start)
        self._site.network.join([replace(found[of], name=name) for name, of in named.items()])
        new = {name: of for name, of in named.items() if name not in self._containers}
        made = {name: self._make(replace(found[of], name=name), of) for name, of in new.items()}
        self._containers |= made
        for container in made.values():
            container.begin()

    def _make(self, service: Service, service_name: str) -> Container:
        kind = DatabaseContainer if service.postgres else AppContainer
        return kind(self._site, service, service_name, self._condition_holds)

    def _condition_holds(self, service_name: str, condition: str) -> bool | None:
        """Whether a condition holds for all containers of a service; None where it never will."""
        own = [each for each in self._containers.values() if each.service_name == service_name]
        met = [_meets(each.state, condition) for each in own]
        return None if None in met else all(met)

    def starting(self) -> bool:
        """Whether a container that waits may still be started."""
        return any(each.may_start for each in self._containers.values())

    async def states(self) -> dict[str, State]:
        """What each container is doing now."""
        return {name: each.state for name, each in self._containers.items()}

    async def log(self, name: str) -> list[LogLine]:
        """What a container has said."""
        return list(self._containers[name].log)

    async def address(self, name: str, port: int) -> tuple[str, int]:
        """Where a container's port is on this machine."""
        network = self._site.network
        return network.host(port), network.port(name, port)

    async def ask(self, name: str) -> int:
        """The exit code of a container's health check, asked now."""
        return await self._containers[name].asked()

    async def stop(self, name: str) -> None:
        """Stop a container as `docker compose stop` does."""
        await self._containers[name].stop()

    async def _remove_containers(self) -> None:
        """What is in a named volume stays."""
        await asyncio.gather(*(each.remove() for each in self._containers.values()))
        self._containers = {}
        self._site = replace(self._site, network=Network())

    async def close(self) -> None:
        """Remove everything."""
        await self._remove_containers()
        shutil.rmtree(self._site.data, ignore_errors=True)


def _runs_here(found: Mapping[str, Service]) -> None:
    """Every image is one that plain processes can stand for; ComposeFileError."""
    for name, service in found.items():
        if not (service.build or service.postgres):
            raise ComposeFileError(
                f"`{name}` runs the image `{service.image}`; without Docker, this workbook runs"
                " images of Postgres and the app's own"
            )


def remove_data(project: str) -> None:
    """Remove the data of a project whose process is gone; those that it started went with it."""
    for folder in sockets.home().glob(f"{_prefix(project)}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _prefix(project: str) -> str:
    """How the name of its data's folder begins: short, as a socket's path has to be."""
    return f"nw-{project[-8:]}-"


def _container_names(service: str, number: int) -> list[str]:
    return [service] if number == 1 else [f"{service}-{each}" for each in range(1, number + 1)]


def _meets(state: State, condition: str) -> bool | None:
    """Whether a container in this state meets a condition of `depends_on`; None for never."""
    if condition == "service_completed_successfully":
        return (state.code == 0 or None) if state.kind == "exited" else False
    if condition == "service_healthy":
        never = state.kind in ("unhealthy", "exited")
        return None if never else state.kind == "healthy"
    return state.kind != "waiting"
