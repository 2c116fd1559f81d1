"""Servers to test with: each in a folder of its own, all gone afterwards."""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from workbook.base.processes import running
from workbook.base.sync import run_coroutine
from workbook.postgres import EmbeddedServer, process
from workbook.postgres.layout import Layout

ROOT = Path(__file__).resolve().parent.parent
PLACES = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
VARIABLES = (
    "DATABASE_URL",
    "ADMIN_URL",
    "POSTGRES",
    "CLUSTER",
    "PG_BIN",
    "PG_VERSION",
    "PG_USER",
    "WORK",
)
ATTACH = "from workbook.postgres import attach; server = attach('embedded'); "
STAY = "import sys; print(server.port, flush=True); sys.stdin.read()"


def until(what: Callable[[], object], seconds: float = 15.0) -> bool:
    """Wait until something is so, at most so many seconds."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the outer world decides about the server; nobody waits long for its end."""
    for name in VARIABLES:
        monkeypatch.delenv(f"WORKBOOK_{name}", raising=False)
    monkeypatch.setenv("WORKBOOK_KEEP_SECONDS", "1")
    monkeypatch.setenv("WORKBOOK_DOCKER", "off")


@pytest.fixture
def started_here(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every command that this process starts: they are what a start of a server costs."""
    commands: list[object] = []

    class Noted(subprocess.Popen):
        def __init__(self, command, *args, **options):
            commands.append(command)
            super().__init__(command, *args, **options)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return commands


@pytest.fixture
def place(clean: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A work folder that any account can enter; the path has spaces and other letters."""
    top = Path(tempfile.mkdtemp(prefix="workbook-test-"))
    top.chmod(0o755)
    work = top / "Müllers Rechner 漢字 'x'"
    work.mkdir(mode=0o755)
    monkeypatch.setenv("WORKBOOK_WORK", str(work))
    yield work
    for pid_file in top.rglob("postmaster.pid"):
        with contextlib.suppress(Exception):
            process.end(pid_file.parent, "immediate")
    assert until(lambda: not reapers_below(top))
    shutil.rmtree(top)


@contextlib.contextmanager
def started(server: EmbeddedServer) -> Iterator[EmbeddedServer]:
    """The server, running for the length of a block."""
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Users:
    """Other processes that use a server, as kernels do."""

    def __init__(self) -> None:
        self.started: list[subprocess.Popen[str]] = []

    def start(self, code: str = ATTACH + STAY, **env: str) -> subprocess.Popen[str]:
        """Start a process that attaches, says the server's port, and stays."""
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": PLACES, "PYTHONDONTWRITEBYTECODE": "1", **env},
        )
        self.started.append(process)
        return process

    def ended(self) -> None:
        """End them all."""
        for each in self.started:
            each.kill()
            each.communicate()


@pytest.fixture
def users(place: Path) -> Iterator[Users]:
    """Processes that end with the test, before its folder goes."""
    users = Users()
    yield users
    users.ended()


def port_said(user: subprocess.Popen[str]) -> int:
    """Return the port that a user process says."""
    assert user.stdout
    return int(user.stdout.readline())


def reaper_of(layout: Layout) -> psutil.Process | None:
    """Return the reaper of this server."""
    return next(iter(reapers_below(layout.home)), None)


def reapers_below(folder: Path) -> list[psutil.Process]:
    """Return the reapers of all servers in or below this folder."""
    found = []
    for each in running("cmdline"):
        words = each.info["cmdline"] or []
        if "workbook.postgres.reaper" in words and Path(words[-2]).is_relative_to(folder):
            found.append(each)
    return found


def other_account() -> pwd.struct_passwd:
    """Return an ordinary account that root can test as."""
    return pwd.getpwnam("nobody")


def public_python() -> str | None:
    """Return a Python of our version that every account can run."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    account = other_account()
    for program in (sys.executable, f"/usr/local/bin/{version}", f"/usr/bin/{version}"):
        with contextlib.suppress(OSError):
            subprocess.run([program, "-V"], user=account.pw_uid, cwd="/", capture_output=True)
            return program
    return None


@pytest.fixture(scope="module")
def one_server() -> Iterator[EmbeddedServer]:
    top = Path(tempfile.mkdtemp(prefix="workbook-tests-"))
    top.chmod(0o755)
    server = EmbeddedServer(top / "Müllers 'Server' 漢字", keep_seconds=1)
    yield server
    server.stop("immediate")
    assert until(lambda: reaper_of(Layout(server.home)) is None)
    shutil.rmtree(top)


@pytest.fixture
def server(one_server: EmbeddedServer, clean: None) -> EmbeddedServer:
    one_server.start()
    return one_server


def layout_of(server: EmbeddedServer) -> Layout:
    return Layout(server.home)


def pid_of(server: EmbeddedServer) -> int:
    found = process.running(layout_of(server).data)
    assert found
    return found.pid


def ask(server: EmbeddedServer, query: str, role: str = "app") -> object:
    async def work() -> object:
        connection = await asyncpg.connect(server.url(role=role))
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return run_coroutine(work)
