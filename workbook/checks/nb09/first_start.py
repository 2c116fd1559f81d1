"""What a health check of the database says at three moments of a first start."""

import contextlib
import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from workbook.base import sockets
from workbook.base.waiting import eventually
from workbook.checks.answer import Answer
from workbook.checks.nb09.compose_file import FILE, SECRET, read_services
from workbook.checks.tcp_proxy import TcpProxy
from workbook.checks.verdict import NotYet
from workbook.postgres.binaries import find
from workbook.stack.addresses import POSTGRES
from workbook.stack.compose_file import Health, Service
from workbook.stack.first_start import LOADING, FirstStart
from workbook.stack.loopback import HERE
from workbook.stack.network import Network
from workbook.stack.postgres_image import variables
from workbook.stack.process import ManagedProcess
from workbook.stack.process_backend import ProcessBackend
from workbook.stack.state import last_words

START = 20.0
"""Seconds that a database may take to come to the next moment of its first start."""
SERVES = re.compile("init process complete.*ready to accept connections", re.DOTALL)


async def asked_at_each_moment(answer: Answer, db: Service) -> list[int]:
    """What the health check ends with when nothing runs, at a socket only, and at an address.

    Whoever logs in needs a database of the image's own; to ask whether somebody is there, the
    server of the check will do.
    """
    assert db.health is not None
    if any("psql" in word for word in db.health.test):
        return await _in_a_first_start()
    moments = ((False, False), (True, False), (True, True))
    return [await _at(answer, db, db.health, socket, tcp) for socket, tcp in moments]


async def _at(answer: Answer, db: Service, health: Health, socket: bool, tcp: bool) -> int:
    """What it ends with where the server is at a socket, at a port, or at neither."""
    async with contextlib.AsyncExitStack() as stack:
        address = await stack.enter_async_context(TcpProxy(answer.url))
        port = urlsplit(address.url).port or POSTGRES
        if not tcp:
            await address.cut()  # it keeps its port, and nobody listens there
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="nw-", dir=sockets.home()))
        if socket:
            path = f"{folder}/.s.PGSQL.{port}"
            await stack.enter_async_context(TcpProxy(answer.url, path=path))
        network = Network({("db", POSTGRES): port}, database_host=HERE)
        words = network.rewrite_command("db", health.test)
        with contextlib.suppress(FileNotFoundError):
            return await _container(db, folder, port).ask(words, min(health.timeout, 5))
    return 127


def _container(db: Service, folder: str, port: int) -> ManagedProcess:
    """Where the health check runs: with PostgreSQL's programs, and as the image sets it up."""
    said = variables(db)
    host = folder if said.get("PGHOST", "/").startswith("/") else HERE
    place = {"PATH": f"{find()[0]}:/usr/bin:/bin", "PGHOST": host, "PGPORT": str(port)}
    return ManagedProcess(Path(folder), said | place)


async def _in_a_first_start() -> list[int]:
    """The same, asked in a database that is made for it, as the image makes one."""
    first = FirstStart(held=True)
    backend = ProcessBackend(Path.cwd(), Path(FILE).read_text("utf-8"))
    others = dict.fromkeys(set(read_services(SECRET)) - {"db"}, 0)
    try:
        await backend.begin(SECRET, others, first)
        await _until(backend, loading=True)
        private = await backend.ask("db")
        first.released.set()
        await _until(backend, loading=False)
        public = await backend.ask("db")
        await backend.stop("db")
        return [await backend.ask("db"), private, public]
    finally:
        await backend.close()


async def _until(backend: ProcessBackend, loading: bool) -> None:
    """Wait until the first start has come that far; NotYet where the database ends before."""

    async def is_there() -> bool:
        if (await backend.states())["db"].kind == "exited":
            return True
        said = "\n".join(line.text for line in await backend.log("db"))
        return (LOADING if loading else SERVES).search(said) is not None

    await eventually(is_there, START, interval=0.02)
    if (await backend.states())["db"].kind == "exited":
        said = last_words(await backend.log("db"))
        raise NotYet.looked_at(
            "docker compose up db",
            got=f"it ended: {said}"[:150],
            wanted="a database that runs",
            ask="what do its last words say?",
        )
