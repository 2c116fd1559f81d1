"""A container of the Postgres image, with what its entrypoint does.

an empty volume ──► initdb ──► a private server, on its socket only ──► the database is made
                                                                              │
a volume with data ──► the server, on its address ◄── the private one ends ◄──┘ once released
"""

import asyncio
import os
import signal
from pathlib import Path

from workbook.base.waiting import eventually
from workbook.stack.addresses import POSTGRES
from workbook.stack.container import Container
from workbook.stack.loopback import HERE, elsewhere, relay
from workbook.stack.postgres_image import NO_PASSWORD, refusal, variables
from workbook.stack.process import ManagedProcess

SECONDS = 60.0
"""How long a private server may take to be ready, and the making of a database."""
QUICK = ("-c", "fsync=off")


class DatabaseContainer(Container):
    """It fills an empty volume first, and then serves."""

    stop_signal = "SIGINT"  # the STOPSIGNAL of the image

    def _make_box(self) -> ManagedProcess:
        self._room = self.site.room(self.service.name)
        own = {
            "PATH": os.pathsep.join([str(self.site.programs), os.defpath]),
            "PGHOST": str(self._room),
            "PGPORT": str(self._port),
            "LC_ALL": "C",
        }
        uid = self.site.account.uid if self.site.account else 0
        self._told = variables(self.service)
        return ManagedProcess(self._room, self._told | own | self._asked_host(), uid)

    def _asked_host(self) -> dict[str, str]:
        """PGHOST, where the service sets it to something other than the folder of the socket."""
        said = self._told.get("PGHOST", "/")
        if said.startswith("/"):
            return {}
        return {"PGHOST": HERE if said in ("localhost", HERE, "::1") else elsewhere()}

    @property
    def _port(self) -> int:
        return self.site.network.port(self.service.name, POSTGRES)

    async def _run(self) -> int:
        if why := refusal(self.service):
            self.box.say(why)
            return 1
        data = self.site.volume(self.service) / "data"
        if (data / "PG_VERSION").exists():
            self.box.say(
                "PostgreSQL Database directory appears to contain a database; "
                "Skipping initialization"
            )
        elif not self._told.get("POSTGRES_PASSWORD"):
            self.box.say(NO_PASSWORD)
            return 1
        else:
            await self._fill(data)
            if self.stopped.is_set():
                return 128 + signal.SIGINT
        await self._serve(data, elsewhere())
        async with relay(self._port, f"{self._room}/.s.PGSQL.{self._port}"):
            return await self.box.wait()

    async def _fill(self, data: Path) -> None:
        """The first start: a cluster, a private server on the socket, a database."""
        user = self._told.get("POSTGRES_USER") or "postgres"
        await self._make_cluster(data, user)
        if self.stopped.is_set():
            return
        await self._serve(data, address="")
        await self._make_database(user)
        await self._until_released()
        await self.box.stop("SIGINT", 10)
        if not self.stopped.is_set():
            self.box.say("PostgreSQL init process complete; ready for start up.")

    async def _make_cluster(self, data: Path, user: str) -> None:
        """Make the cluster; whoever is cancelled meanwhile waits until nobody writes there."""
        password = self._told["POSTGRES_PASSWORD"]
        making = asyncio.create_task(
            asyncio.to_thread(self.site.clusters.make, data, user, password)
        )
        try:
            said = await asyncio.shield(making)
        except asyncio.CancelledError:
            await asyncio.wait([making])
            raise
        for line in said:
            self.box.say(line)

    async def _make_database(self, user: str) -> None:
        """Wait for the private server, and make the database that the image was told to make."""
        await eventually(self._is_ready, SECONDS, interval=0.05)
        name = self._told.get("POSTGRES_DB") or user
        if name != "postgres":
            await self.box.ask(["createdb", "-U", user, name], SECONDS)

    async def _is_ready(self) -> bool:
        return await self.box.ask(["pg_isready", "-q"], 5) == 0

    async def _until_released(self) -> None:
        """Load what a first start that is held has to load: until it may go on, or is stopped."""
        first = self.site.first_start
        if not first.released.is_set():
            self.box.say("running /docker-entrypoint-initdb.d/dump.sql")
        waits = [asyncio.create_task(each.wait()) for each in (first.released, self.stopped)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()

    async def _serve(self, data: Path, address: str) -> None:
        settings = ["-c", f"listen_addresses={address}", "-c", f"port={self._port}",
                    "-c", f"unix_socket_directories={self._room}"]  # fmt: skip
        server = str(self.site.programs / "postgres")
        await self.box.start([server, "-D", str(data), *self._options(), *settings, *QUICK])

    def _options(self) -> list[str]:
        """What the service's own command says to the server."""
        said = list(self.service.command or ())
        return (
            said[1:] if said[:1] == ["postgres"] else said if said[:1] and said[0][0] == "-" else []
        )
