"""A server that somebody else runs, named by WORKBOOK_DATABASE_URL and WORKBOOK_ADMIN_URL."""

import socket
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit

import asyncpg

from workbook.base import settings
from workbook.base.sync import run_coroutine
from workbook.postgres.binaries import OLDEST
from workbook.postgres.problem import PostgresProblem
from workbook.postgres.server import Mode, Role

OWN = "or unset WORKBOOK_DATABASE_URL to use the workbook's own server."
IN_DOCKER = "or start the containers anew, on your own machine: docker compose up --build"
CONNECT_TIMEOUT = 5.0
"""In seconds."""
FACTS = """
SELECT current_setting('server_version_num')::int / 10000 AS major,
       current_setting('default_transaction_read_only') = 'on' OR pg_is_in_recovery() AS read_only,
       rolsuper OR rolcreatedb AS may_create, rolname AS role
FROM pg_roles WHERE rolname = current_user
"""


class ExternalServer:
    """A server that is there already; the workbook makes databases in it, and never stops it."""

    kind = "url"
    owned, shared = False, True

    def __init__(self, parts: SplitResult, admin: SplitResult | None = None) -> None:
        self._parts, self._admin = parts, admin or parts
        self.maintenance = unquote(parts.path.strip("/")) or "postgres"

    @property
    def where(self) -> str:
        """Host and port, for sentences: without the password."""
        return f"{self._parts.hostname}:{self._parts.port or 5432}"

    def url(self, database: str = "postgres", *, role: Role = "app") -> str:
        """Return a plain `postgresql://` URL; without an admin, both roles are the one given."""
        parts = self._admin if role == "admin" else self._parts
        return parts._replace(path="/" + quote(database)).geturl()

    def alive(self) -> bool:
        """Say within two seconds whether the server answers a query."""
        try:
            return (
                run_coroutine(lambda: _ask(self.url(self.maintenance), "SELECT 1", 1.8)) is not None
            )
        except Exception:
            return False

    def start(self) -> None:
        """Check that the server answers; raises PostgresProblem where it does not."""
        if not self.alive():
            raise PostgresProblem(
                f"The server at {self.where} does not answer. Start it, {_or_else()}"
            )

    def stop(self, mode: Mode = "fast") -> None:
        """Raise PostgresProblem: it is not ours to stop."""
        way = "Unset WORKBOOK_DATABASE_URL to do that with a server of its own."
        if settings.read().work_outside:
            way = "On your own machine, ./wb lab without Docker has a server for that."
        raise PostgresProblem(
            f"The server at {self.where} is not the workbook's, so the workbook does not stop or "
            f"restart it. {way}"
        )

    def release(self) -> None:
        """Nothing is held: it runs whether we use it or not."""


def connect(address: str, admin: str = "") -> ExternalServer:
    """Return the server of this URL after a look at it; raises PostgresProblem within 10 s.

    The role of `admin`, where there is one, makes the other if it is missing, and the databases.
    """
    server = ExternalServer(_parsed(address), _parsed(admin) if admin else None)
    try:
        if admin:
            run_coroutine(lambda: _make_role(server))
        facts = run_coroutine(lambda: _ask(server.url(server.maintenance), FACTS, CONNECT_TIMEOUT))
    except Exception as error:
        raise PostgresProblem(_explained(server, error)) from None
    if complaint := _unfit(facts):
        raise PostgresProblem(f"The server at {server.where} {complaint}, {_or_else()}")
    return server


def _or_else() -> str:
    """What else to do; in the container the address belongs to docker-compose.yml."""
    return IN_DOCKER if settings.read().work_outside else OWN


def _parsed(address: str) -> SplitResult:
    try:
        parts = urlsplit(address.strip())
        scheme, host, _ = parts.scheme.partition("+")[0], parts.hostname, parts.port
    except ValueError:
        scheme, host = "", None
    if scheme not in ("postgresql", "postgres") or not host:
        raise PostgresProblem(
            "WORKBOOK_DATABASE_URL or WORKBOOK_ADMIN_URL is not the URL of a PostgreSQL server. "
            f"Write it as postgresql://user:password@host:5432/database, {_or_else()}"
        )
    return parts._replace(scheme="postgresql")


async def _make_role(server: ExternalServer) -> None:
    """Make the app's role as the admin, with the right to create databases; it may be there."""
    parts = server._parts
    name, password = (unquote(each or "") for each in (parts.username, parts.password))
    words = "'CREATE ROLE %I LOGIN CREATEDB PASSWORD %L', $1::text, $2::text"
    admin = await asyncpg.connect(
        server.url(server.maintenance, role="admin"), timeout=CONNECT_TIMEOUT
    )
    try:
        if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name):
            await admin.execute(await admin.fetchval(f"SELECT format({words})", name, password))
    finally:
        await admin.close(timeout=1)


async def _ask(url: str, query: str, seconds: float) -> Any:
    connection = await asyncpg.connect(url, timeout=seconds, command_timeout=seconds)
    try:
        return await connection.fetchrow(query)
    finally:
        await connection.close(timeout=1)


def _unfit(facts: Any) -> str:
    """Return what keeps the workbook from working with this server, "" if nothing does."""
    if facts["major"] < OLDEST:
        return f"is PostgreSQL {facts['major']}; use version {OLDEST} or later"
    if facts["read_only"]:
        return "only allows reading; use a server, or a role, that may write"
    if not facts["may_create"]:
        role = facts["role"]
        return f'does not let {role} create databases; run ALTER ROLE "{role}" CREATEDB there'
    return ""


def _explained(server: ExternalServer, error: Exception) -> str:
    """Return the sentence for what went wrong while connecting; it never holds the password."""
    what, seconds = f"The server at {server.where}", f"{CONNECT_TIMEOUT:.0f} seconds"
    ask = f", {_or_else()}"
    match error:
        case asyncpg.InvalidPasswordError():
            return f"{what} refuses this user and password. Correct them{ask}"
        case asyncpg.InvalidAuthorizationSpecificationError():
            return f"{what} does not let this user in from here ({error}). Correct the URL{ask}"
        case asyncpg.InvalidCatalogNameError():
            return f"{what} has no database {server.maintenance}. Correct the URL{ask}"
        case socket.gaierror():
            return f"No host is called {server._parts.hostname}. Correct the URL{ask}"
        case TimeoutError():
            return f"{what} did not answer within {seconds}. See that it runs{ask}"
        case OSError():
            return f"Nothing answers at {server.where}. Start a server there{ask}"
        case _:
            return f"{what} did not accept a connection ({type(error).__name__}). Look at it{ask}"
