"""The server of docker-compose.yml: the service `db`."""

import hashlib
import os
import re
from collections.abc import Mapping
from urllib.parse import quote

import asyncpg

from workbook.base import paths, ports
from workbook.base.sync import run_coroutine
from workbook.postgres import probe
from workbook.postgres.docker import ADVICE, docker, engine, need_compose
from workbook.postgres.problem import PostgresProblem
from workbook.postgres.server import ADMIN, APP, Mode, Role

FILE = paths.ROOT / "docker-compose.yml"
PORT_FILE = paths.ROOT / "docker" / "db-port.yml"
USUAL_PORT = 54329


class ComposeServer:
    """The service `db`; its data outlives the container, until `docker compose down --volumes`."""

    kind = "compose"
    owned, shared = True, True
    maintenance = "postgres"
    _port = 0

    def __init__(self) -> None:
        self._look()

    def url(self, database: str = "postgres", *, role: Role = "app") -> str:
        """Return a plain `postgresql://` URL."""
        name = ADMIN if role == "admin" else APP
        password = quote(self._password, safe="")
        return f"postgresql://{name}:{password}@127.0.0.1:{self._port}/{database}"

    def alive(self) -> bool:
        """Say within two seconds whether the server takes connections."""
        return probe.answers("127.0.0.1", self._port)

    def start(self) -> None:
        """Start the service, which may have to fetch its image; raises PostgresProblem."""
        _up(self._port)
        self._look()
        self._wait()

    def stop(self, mode: Mode = "fast") -> None:
        """Stop the service; `immediate` is a crash. Raises PostgresProblem."""
        if mode == "immediate":
            _compose("kill", "--signal", "SIGQUIT", "db")
        _compose("stop", "--timeout", "20", "db")

    def release(self) -> None:
        """Nothing is held: the service runs until somebody stops it."""

    def _look(self) -> None:
        """Ask for the port of the running service, and for the password that it chose."""
        self._port = _port() or self._port
        self._password = _password() if self._port else ""

    def _wait(self) -> None:
        if not probe.wait_until_answers("127.0.0.1", self._port, seconds=60):
            raise PostgresProblem(
                "The Compose service db is silent. Look at "
                f"`docker compose -p {project()} logs db`, or {ADVICE}"
            )


def start() -> ComposeServer:
    """Start the service where need be, and return it with its roles; raises PostgresProblem."""
    need_compose()
    if not (_port() and _password()):
        _up(_another_port())
    return _ready(ComposeServer())


def running() -> ComposeServer | None:
    """Return the service if it runs; costs next to nothing where there is no engine."""
    if not FILE.exists() or not engine():
        return None
    try:
        server = ComposeServer()
    except PostgresProblem:
        return None
    return _ready(server) if server._password and server.alive() else None


def _ready(server: ComposeServer) -> ComposeServer:
    server._wait()
    run_coroutine(lambda: ensure_app_role(server.url(role="admin"), server._password))
    return server


async def ensure_app_role(admin_url: str, password: str) -> None:
    """Create the app role of a new server, or give it this password; raises PostgresProblem."""
    quoted = password.replace("'", "''")
    try:
        admin = await asyncpg.connect(admin_url, timeout=10)
        try:
            found = await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP)
            verb = "ALTER" if found else "CREATE"
            await admin.execute(f"{verb} ROLE {APP} LOGIN CREATEDB PASSWORD '{quoted}'")
        finally:
            await admin.close(timeout=5)
    except (asyncpg.PostgresError, OSError, TimeoutError) as error:
        raise PostgresProblem(
            f"The container's server did not let the workbook in ({error}). If its password was "
            f"changed, run `docker compose -p {project()} down --volumes` and start again, "
            f"or {ADVICE}"
        ) from None


def _password() -> str:
    """Return the password that docker/db.sh chose; "" where there is none."""
    done = docker(*_words("exec", "-T", "db", "cat", "/run/workbook/password"), seconds=20)
    return done.stdout if done.returncode == 0 else ""


def _port() -> int:
    """Return the port of the running service on this machine, 0 if it does not run."""
    done = docker(*_words("port", "db", "5432"), seconds=10)
    found = done.stdout.strip().rpartition(":")[2]
    return int(found) if done.returncode == 0 and found.isdecimal() else 0


def _another_port() -> int:
    """Return a free port where a second checkout has the usual one already, else 0."""
    return 0 if ports.is_free(USUAL_PORT) else probe.free_port()


def _up(port: int) -> None:
    """Start the service on this port, which WORKBOOK_DB_PORT outranks; 0 is the file's own."""
    chosen = ({"WORKBOOK_DB_PORT": str(port)} if port else {}) | dict(os.environ)
    wait = ("--detach", "--wait", "--wait-timeout", "120")
    _compose("up", *wait, "db", seconds=600, environment=chosen)


def _compose(*args: str, seconds: float = 60, environment: Mapping[str, str] | None = None) -> None:
    done = docker(*_words(*args), seconds=seconds, environment=environment)
    if done.returncode:
        last = " ".join(done.stderr.split("\n")[-3:]).strip()
        raise PostgresProblem(
            f"`docker compose {args[0]} db` failed: {last} If the port is taken, set "
            f"WORKBOOK_DB_PORT to another one, or {ADVICE}"
        )


def project() -> str:
    """Return the name of this checkout's project: by its path, for two folders may share a name."""
    if named := os.environ.get("COMPOSE_PROJECT_NAME"):
        return named
    name = re.sub(r"[^a-z0-9]+", "-", paths.ROOT.name.lower()).strip("-") or "nightwatch"
    return f"{name}-{hashlib.sha256(os.fsencode(paths.ROOT)).hexdigest()[:8]}"


def _words(*args: str) -> list[str]:
    files = [word for each in (FILE, PORT_FILE) for word in ("--file", str(each))]
    ours = ("--project-name", project())
    return ["compose", *ours, *files, "--project-directory", str(paths.ROOT), *args]
