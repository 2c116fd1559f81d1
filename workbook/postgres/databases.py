"""Make, copy and remove databases on any server; each is owned by the app role."""

import contextlib
import hashlib
import re
from collections.abc import AsyncIterator, Callable
from urllib.parse import unquote, urlsplit

import asyncpg

from workbook.postgres import holders, names, owner
from workbook.postgres.problem import PostgresProblem
from workbook.postgres.server import Server

NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
LOCK_TIMEOUT = "60s"
STATEMENT_SEPARATOR = "\n-- next\n"
"""Stands between two statements of a template that must not share a transaction."""


async def create(server: Server, name: str, template: str | None = None) -> None:
    """Create a database, as a copy of `template` if one is named; raises PostgresProblem."""
    async with _admin(server) as admin:
        await _lock(admin, name)
        await _create(server, admin, name, template)


async def drop(server: Server, name: str) -> None:
    """Remove a database if it is there, whoever is connected to it; raises PostgresProblem."""
    async with _admin(server) as admin:
        await _lock(admin, name)
        await _drop(server, admin, name)


async def recreate(server: Server, name: str, template: str | None = None) -> None:
    """Remove a database if it is there, and create it again; raises PostgresProblem."""
    async with _admin(server) as admin:
        await _lock(admin, name)
        await _drop(server, admin, name)
        await _create(server, admin, name, template)


async def sweep(server: Server, *second: str) -> None:
    """Drop what killed kernels of this workbook have left: databases of checks, and those named."""
    async with _admin(server) as admin:
        for row in await admin.fetch("SELECT datname FROM pg_database"):
            if row["datname"] in second or names.is_left_over(row["datname"]):
                await _drop(server, admin, row["datname"])
    holders.forget_the_gone()


Progress = Callable[[int, int], None]
"""Hears how many statements are done, of how many."""


def _ignored(_done: int, _of: int) -> None:
    """Whoever asks for a small template need not be told how far it is."""


async def ensure_template(server: Server, name: str, sql: str, told: Progress = _ignored) -> None:
    """Create a database that holds what `sql` makes, run as the app role, unless it is there.

    Nobody can connect to it, so it can be copied at any time. It is made again when `sql` or the
    role differs from what made it, and may be asked for by several processes at once. `told` hears
    of each statement that is done. Raises PostgresProblem; what was half made is gone then.
    """
    digest = _digest(server, sql)
    making = f"{name[:56]}_making"
    async with _admin(server) as admin:
        await _lock(admin, name)
        if await _comment(admin, name) == _mark(digest):
            return
        await _must_be_ours(server, admin, name)
        await _drop(server, admin, making)
        await _create(server, admin, making, None, digest)
        try:
            await _fill(server, making, sql, told)
        except BaseException:
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await _drop(server, admin, making)
            raise
        await _drop(server, admin, name)
        await admin.execute(f"ALTER DATABASE {_quoted(making)} RENAME TO {_quoted(name)}")
        await admin.execute(f"ALTER DATABASE {_quoted(name)} ALLOW_CONNECTIONS false")


def _digest(server: Server, sql: str) -> str:
    """What tells a template from one that another SQL, or another role, has made."""
    return hashlib.sha256(f"{_app_role(server)} {sql}".encode()).hexdigest()


async def has_template(server: Server, name: str, sql: str) -> bool:
    """Whether `ensure_template` would find what it makes; raises PostgresProblem."""
    async with _admin(server) as admin:
        return await _comment(admin, name) == _mark(_digest(server, sql))


@contextlib.asynccontextmanager
async def _admin(server: Server) -> AsyncIterator[asyncpg.Connection]:
    """Connect as the admin; what the server refuses becomes a sentence."""
    try:
        admin = await asyncpg.connect(server.url(server.maintenance, role="admin"), timeout=10)
        try:
            await admin.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
            yield admin
        finally:
            await _close(admin)
    except asyncpg.LockNotAvailableError:
        raise PostgresProblem(
            f"Another process has been at work on this database for {LOCK_TIMEOUT}. "
            "Close other notebooks and try again."
        ) from None
    except asyncpg.PostgresError as error:
        raise PostgresProblem(
            f"The server refused: {error}. Run `./wb doctor` for help."
        ) from error
    except (OSError, TimeoutError, asyncpg.InterfaceError) as error:
        raise PostgresProblem(
            "The server does not answer any more. Restart the notebook's kernel and run it again."
        ) from error


async def _close(connection: asyncpg.Connection) -> None:
    """Say goodbye, or hang up where the server no longer listens."""
    try:
        await connection.close(timeout=5)
    except (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError):
        connection.terminate()


async def _lock(admin: asyncpg.Connection, name: str, *, shared: bool = False) -> None:
    """Take the server-wide lock of a database name, which our session's end gives back."""
    function = "pg_advisory_lock_shared" if shared else "pg_advisory_lock"
    await admin.execute(f"SELECT {function}(hashtextextended('workbook ' || $1, 0))", name)


async def _create(
    server: Server, admin: asyncpg.Connection, name: str, template: str | None, digest: str = ""
) -> None:
    source = ""
    if template:
        await _lock(admin, template, shared=True)
        source = f"TEMPLATE {_quoted(template)}"
        if not server.shared:  # its fsync is off, so a copy of files is the quickest
            source += " STRATEGY file_copy"
    command = f'CREATE DATABASE {_quoted(name)} OWNER "{_app_role(server)}" {source}'
    await admin.execute(command)
    mark = _mark(digest).replace("'", "''")
    await admin.execute(f"COMMENT ON DATABASE {_quoted(name)} IS '{mark}'")


async def _drop(server: Server, admin: asyncpg.Connection, name: str) -> None:
    await _must_be_ours(server, admin, name)
    await admin.execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


async def _must_be_ours(server: Server, admin: asyncpg.Connection, name: str) -> None:
    """Refuse to touch what is not ours, on a server that others use too."""
    comment = await _comment(admin, name)
    if comment is None or not server.shared:
        return
    # What a learner's own SQL made beside a notebook's database bears no mark: nightwatch_08_x.
    comment = comment or await _comment(admin, name.rpartition("_")[0]) or ""
    made_here, _, rest = comment.partition(" ")
    is_marked = made_here == "workbook" and rest.partition(" ")[2] == owner.mark()
    if not is_marked and (comment or not names.says_ours(name)):
        raise _refused(name, made_here == "workbook")


def _refused(name: str, made_here: bool) -> PostgresProblem:
    whose = "belongs to another workbook" if made_here else "was not made by the workbook"
    return PostgresProblem(
        f"The database {name} {whose}, and is left alone. Set WORKBOOK_DATABASE_PREFIX to "
        "something of your own, such as your name, and start again."
    )


async def _fill(server: Server, name: str, sql: str, told: Progress) -> None:
    if not sql.strip():
        return
    statements = sql.split(STATEMENT_SEPARATOR)
    app = await asyncpg.connect(server.url(name), timeout=10)
    try:
        for number, statement in enumerate(statements, 1):
            await app.execute(statement)
            told(number, len(statements))
    finally:
        await app.close(timeout=5)


async def _comment(admin: asyncpg.Connection, name: str) -> str | None:
    """Return the database's comment, "" if it has none, None if there is no such database."""
    query = "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database"
    comment: str | None = await admin.fetchval(f"{query} WHERE datname = $1", name)
    return comment


def _mark(digest: str = "") -> str:
    """Return what says that a database is this workbook's, and what made it."""
    return f"workbook {digest} {owner.mark()}"


def _app_role(server: Server) -> str:
    return unquote(urlsplit(server.url()).username or "")


def _quoted(name: str) -> str:
    """Return the name as SQL; raises PostgresProblem for one that is not plain."""
    if not NAME.fullmatch(name):
        raise PostgresProblem(
            f"{name!r} is no name for a database here: use up to 63 small letters, digits and "
            "underscores, and begin with a letter."
        )
    return f'"{name}"'
