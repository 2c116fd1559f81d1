"""The apps that are compared, each a uvicorn of one process, on one server and one database."""

import asyncio
import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import jwt
import psutil

from benchmarks.load import Failure
from workbook import postgres
from workbook.authoring import sandbox
from workbook.base import paths
from workbook.postgres import databases

REFERENCE = paths.ROOT / "app_reference"
PEERS = paths.ROOT / "benchmarks" / "peers"
PACKAGES = PEERS / ".packages"
"""What peers need beside the workbook's own packages, which stay as they are."""
DATABASE = "bench"
USERS = 500
FILL = """
    INSERT INTO team (name) SELECT 'team ' || n FROM generate_series(1, 10) n;
    INSERT INTO user_account (name, email, login, team_id)
    SELECT 'Person ' || n, 'person' || n || '@x.test', 'person' || n,
        CASE WHEN n <= 500 THEN 1 ELSE 2 + n % 9 END
    FROM generate_series(1, 1000) n ORDER BY n;
"""
"""The first 500 people are in the team that asks; as many are in others."""
TOKEN_KEY, APP_PASSWORD = 4 * "benchmark", "benchmark"
TEAM, OTHER = 1, 2


def bearer(team: int = TEAM) -> str:
    """The header that says who asks; apps without a login do not look at it."""
    until = datetime.now(UTC) + timedelta(days=1)
    claims = {"sub": "1", "team": team, "exp": until}
    kid = hashlib.sha256(TOKEN_KEY.encode()).hexdigest()[:8]
    return f"Bearer {jwt.encode(claims, TOKEN_KEY, 'HS256', {'kid': kid})}"


DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""No proxy of the environment stands before this machine."""
START = 30.0
"""Seconds that an app may take until its first answer."""


@dataclass(frozen=True)
class App:
    """One app; `target` is what uvicorn imports, `driver` what SQLAlchemy calls its driver."""

    name: str
    target: str
    folder: Path = PEERS
    driver: str = ""
    access_log: bool = False
    options: tuple[str, ...] = ()
    """What else uvicorn is told."""
    role: str = ""
    """Who it is in the database, where not its owner, who is a superuser."""


RECIPE = App("recipe", "recipe:app", driver="+asyncpg", access_log=True)
OURS = App("reference app", "app.main:app", REFERENCE, "+asyncpg", role="nightwatch_app")
LOGIN = replace(RECIPE, name="recipe with login", target="recipe_login:app", role=OURS.role)
SYNC = App("sync SQLModel", "sync_sqlmodel:app", driver="+psycopg", access_log=True)
FASTAPI = App("FastAPI, asyncpg", "fastapi_asyncpg:app")
STARLETTE = App("Starlette, asyncpg", "starlette_asyncpg:app")
APPS = (RECIPE, LOGIN, OURS, SYNC, FASTAPI, STARLETTE)


@dataclass(frozen=True)
class Running:
    """An app that answers on this port of 127.0.0.1."""

    app: App
    port: int
    process: psutil.Popen

    def cpu(self) -> float:
        """Seconds of processor time that its process has used."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


def install() -> None:
    """Make the packages of the peers: once, and again where their list has changed.

    Raises Failure with what the installer said.
    """
    wanted, stamp = paths.ROOT / "benchmarks" / "requirements.txt", PACKAGES / "installed.txt"
    if stamp.is_file() and stamp.read_text() == wanted.read_text():
        return
    shutil.rmtree(PACKAGES, ignore_errors=True)
    command = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable]
    command += ["--no-deps", "--target", str(PACKAGES), "-r", str(wanted)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if said.returncode:
        raise Failure(f"the peers' packages could not be installed:\n{said.stderr}")
    shutil.copy(wanted, stamp)


@contextlib.contextmanager
def running(wanted: Sequence[App] = APPS) -> Iterator[list[Running]]:
    """Every app, answering; all are stopped at the end, and so is their server."""
    install()
    with contextlib.ExitStack() as stack:
        stack.enter_context(sandbox.server())
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = _database()
        yield [stack.enter_context(serve(each, url, logs / each.target)) for each in wanted]


def _database() -> str:
    """Make the database by the reference app's own migrations, and fill it; return its URL."""
    server = postgres.attach()
    asyncio.run(databases.recreate(server, DATABASE))
    url = server.url(DATABASE, role="admin")
    make(url)
    return url


def make(url: str) -> None:
    """Give an empty database the reference app's tables, its role, and rows; as a superuser."""
    owner = env(replace(OURS, role=""), url) | {"APP_PASSWORD": APP_PASSWORD}
    for words in (("alembic", "upgrade", "head"), ("app.role",), ("app.retention",)):
        command = [sys.executable, "-m", *words]
        subprocess.run(
            command, cwd=REFERENCE, env=owner, timeout=60, check=True, capture_output=True
        )
    asyncio.run(_fill(url))


async def _fill(url: str) -> None:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(FILL)
        await connection.execute("ANALYZE")
    finally:
        await connection.close(timeout=5)


def env(app: App, url: str) -> dict[str, str]:
    """The environment of an app, with the database that its driver reaches at this URL."""
    if app.role:
        parts = urlsplit(url)
        place = parts.netloc.rpartition("@")[2]
        url = parts._replace(netloc=f"{app.role}:{APP_PASSWORD}@{place}").geturl()
    url = url.replace("postgresql:", f"postgresql{app.driver}:", 1)
    packages = f"{PACKAGES}{os.pathsep}{REFERENCE}" if app.folder == PEERS else ""
    return os.environ | {"DATABASE_URL": url, "PYTHONPATH": packages, "TOKEN_KEY": TOKEN_KEY}


@contextlib.contextmanager
def serve(app: App, url: str, log: Path, path: str = "/users/1") -> Iterator[Running]:
    """Start an app, and wait until it answers here; stop it at the end, whatever happens."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", app.target, "--port", str(port), *app.options]
    command += [] if app.access_log else ["--no-access-log"]
    with log.open("wb") as out:
        process = psutil.Popen(
            command, cwd=app.folder, env=env(app, url), stdout=out, stderr=out, stdin=out
        )
    try:
        wait(Running(app, port, process), log, path)
        yield Running(app, port, process)
    finally:
        _stop(process)


def wait(started: Running, log: Path, path: str) -> None:
    """Wait for its first answer; raises Failure with the end of its log."""
    address = f"http://127.0.0.1:{started.port}{path}"
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and started.process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            asked = urllib.request.Request(address, headers={"Authorization": bearer()})
            DIRECT.open(asked, timeout=5).close()
            return
        time.sleep(0.1)
    end = "\n".join(log.read_text().splitlines()[-5:])
    raise Failure(f"{started.app.name}: it did not start. The end of its log:\n{end}")


def _stop(process: psutil.Popen) -> None:
    """End it: with patience, then without; it may have ended by itself."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.terminate()
        try:
            process.wait(10)
        except (psutil.TimeoutExpired, subprocess.TimeoutExpired):
            process.kill()
            process.wait(5)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
