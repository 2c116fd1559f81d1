"""Where a service is judged: a PostgreSQL of its own, and programs that run in its folder."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from workbook.base import no_proxy, paths, programs
from workbook.base.urls import for_sqlalchemy
from workbook.base.waiting import eventually
from workbook.judge.client import Client
from workbook.judge.contract import Contract
from workbook.postgres import EmbeddedServer, databases, new_private_cluster
from workbook.postgres.probe import free_port
from workbook.stack.process import ManagedProcess
from workbook.stack.state import LogLine, last_words

SETTINGS: dict[str, str | int] = {"synchronous_commit": "on", "max_connections": 80}
"""A row that is acknowledged must survive the crash of the server."""
TEMPLATE = "judged"
START, GRACE, END = 20.0, 5, 10.0
"""Seconds until it answers, seconds for its requests when it ends, and until it has ended."""
PREPARE = 60.0
"""Seconds that what it prepares may take: as many as its migrations."""
BEHIND = ("(Background on this error", "[SQL:", "[parameters:", "(This Session's transaction")
OURS = ("TEST_", "DATABASE_", "PYTEST")


def reason(log: list[LogLine]) -> str:
    """The line of a log that says why: the last, but for what SQLAlchemy writes behind it."""
    return last_words([*_said(log)])


def _said(log: list[LogLine]) -> Iterator[LogLine]:
    """The lines that are not SQLAlchemy's words behind an error: a statement may take several."""
    statement = False
    for line in log:
        statement = statement or line.text.startswith("[SQL:")
        if not statement and not line.text.startswith(BEHIND):
            yield line
        statement = statement and not line.text.rstrip().endswith("]")


@dataclass(frozen=True)
class Service:
    """One uvicorn of the service, with a database of its own."""

    address: str
    database: str
    process: ManagedProcess
    client: Client

    def log(self) -> str:
        """What the end of its log says, in a line of at most 160 characters."""
        return reason(self.process.log)[:160]


class Place:
    """The server, the folder, and what runs in it."""

    def __init__(self, folder: Path, contract: Contract, server: EmbeddedServer) -> None:
        self.folder, self.contract, self.server = folder, contract, server

    def name(self) -> str:
        """The folder in words: a learner's by its way below `work/`."""
        if self.folder.is_relative_to(work := paths.work()):
            return f"work/{self.folder.relative_to(work).as_posix()}"
        return str(self.folder)

    def url(self, database: str) -> str:
        """The database as SQLAlchemy wants it, for a role that is no superuser."""
        return for_sqlalchemy(self.server.url(database))

    def python(self) -> str:
        """The Python of the service: that of its own `.venv`, or the workbook's."""
        own = self.folder / ".venv/bin/python"
        return str(own) if own.is_file() else sys.executable

    async def run(
        self, command: Sequence[str], database: str, seconds: float, **more: str
    ) -> tuple[int, list[str]]:
        """Run a command to its end, so many seconds at most; its exit code and what it said."""
        process = ManagedProcess(self.folder, self._environment(database) | more)
        code = await process.run(command, seconds)
        return code, [line.text for line in process.log]

    async def say(self, words: Sequence[str], database: str, text: str) -> tuple[int, str]:
        """Run `python -m …` with this on its standard input; its exit code, and its last words."""
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "said").write_text(text, "utf-8")
            command = f'exec "$0" -m "$@" < "{name}/said"'
            process = ManagedProcess(self.folder, self._environment(database))
            code = await process.run(["/bin/sh", "-c", command, self.python(), *words], PREPARE)
        return code, reason(process.log)

    def _environment(self, database: str) -> dict[str, str]:
        """What the service is told: nothing that the outer world says of databases or tests."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith(OURS)}
        no_proxy.forget_proxies(kept)
        kept |= {"PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
        kept["NO_COLOR"] = "1"  # a kernel asks for colours, and what is said is shown as text
        kept["PATH"] = programs.search_path(kept, Path(self.python()).parent)
        return kept | self.contract.environment | {"DATABASE_URL": self.url(database)}

    @contextlib.asynccontextmanager
    async def service(self, database: str = "") -> AsyncIterator[Service]:
        """The service, answering; on a copy of the migrated database where none is named."""
        if not database:
            await databases.recreate(self.server, database := "copied", TEMPLATE)
        address, port = "http://127.0.0.1", free_port()
        command = ["uvicorn", self.contract.app, "--host", "127.0.0.1", "--port", str(port)]
        command += ["--no-access-log", "--timeout-graceful-shutdown", str(GRACE)]
        process = ManagedProcess(self.folder, self._environment(database))
        async with Client(f"{address}:{port}") as client:
            made = Service(f"{address}:{port}", database, process, client)
            try:
                await process.start(command)
                await eventually(lambda: self._answers(made), START, 0.05)
                await self._log_in(made)
                yield made
            finally:
                await process.stop("SIGTERM", END)

    async def _answers(self, made: Service) -> bool:
        return made.process.ended or (await made.client.get(self.contract.live)).status != 0

    async def _log_in(self, made: Service) -> None:
        """Show who asks in each request from now on, where the contract says how."""
        if (login := self.contract.login) is None:
            return
        answer = await made.client.form(login.path, login.form)
        token = answer.json().get("access_token", "")
        made.client.headers["authorization"] = f"Bearer {token}"

    @contextlib.asynccontextmanager
    async def admin(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        """A superuser's connection to this database, past the service; hung up at the end."""
        url = self.server.url(database, role="admin")
        connection = await asyncpg.connect(url, timeout=10, command_timeout=20)
        try:
            yield connection
        finally:
            connection.terminate()


@contextlib.contextmanager
def cluster() -> Iterator[EmbeddedServer]:
    """A server in a folder of its own; both are gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="nightwatch-judge-"))
    folder.chmod(0o755)  # the server's account must be able to enter when we are root
    server = new_private_cluster(folder / "cluster", **SETTINGS)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
