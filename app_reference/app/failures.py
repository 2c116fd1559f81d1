"""What goes wrong between the app and its database, and what that means for the work."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import time
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

log = logging.getLogger("nightwatch")
PASSING = {"25006", "40001", "40P01", "57P01", "57P02", "57P03", "57P05"}
"""SQLSTATEs: the server is read-only, another transaction was in the way, the session is ended."""
KEEPALIVE = {"tcp_keepalives_idle": "60", "tcp_keepalives_interval": "10"}
"""Seconds after which the server asks a silent connection for a sign: no firewall forgets it."""
SILENCE = {"last": 0.0}
"""When a server was silent: what was opened before that is hung up, and not used again."""
BUSY = {"55P03", "57014"}
"""SQLSTATEs: a lock was not to be had in lock_timeout, nor an answer in statement_timeout."""


class CommitLost(Exception):
    """COMMIT was sent, and no answer came: nobody knows whether the work counts."""


def sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's code of the error, or an empty string."""
    return getattr(error.orig, "sqlstate", None) or ""


def lost(error: DBAPIError) -> bool:
    """Whether the connection broke, while it was opened or later: class 08 of SQLSTATE."""
    return error.connection_invalidated or sqlstate(error).startswith("08")


def stale(error: DBAPIError) -> bool:
    """Whether a statement was prepared for a table or a type that is another one by now."""
    said = driver(error)
    known = asyncpg.InvalidCachedStatementError | asyncpg.OutdatedSchemaCacheError
    return isinstance(said, known) or "cache lookup failed" in str(said)


def passes(error: BaseException) -> bool:
    """Whether the same work may succeed in a moment, as after a restart or a deadlock."""
    if not isinstance(error, DBAPIError):
        return False
    return lost(error) or stale(error) or sqlstate(error) in PASSING


def busy(error: DBAPIError) -> bool:
    """Whether the server has too much to do: a limit is over, ours or its own (class 53)."""
    return sqlstate(error) in BUSY or sqlstate(error).startswith("53")


def answered(error: BaseException) -> bool:
    """Whether it is PostgreSQL that says no, and goes on: then the transaction has ended."""
    said = driver(error) if isinstance(error, DBAPIError) else None
    return getattr(said, "severity_en", None) == "ERROR"


def driver(error: DBAPIError) -> BaseException:
    """The driver's own error, behind the one that SQLAlchemy made of it."""
    return (error.orig and error.orig.__cause__) or error.orig or error


def note(message: str, error: BaseException, **more: object) -> None:
    """Write into the log what the database did; nothing that a client sent stands there."""
    level = logging.ERROR if isinstance(error, CommitLost) else logging.WARNING
    cause = (isinstance(error, CommitLost) and error.__cause__) or error
    if isinstance(cause, DBAPIError):
        more["sqlstate"], cause = sqlstate(cause), driver(cause)
    fields = {"cause": f"{type(cause).__name__}: {cause}", **more}
    log.log(level, message, extra={"fields": fields})


@asynccontextmanager
async def copying(connection: AsyncConnection) -> AsyncIterator[asyncpg.Connection]:
    """Lend the driver's own connection for a COPY, and make a DBAPIError of what fails there."""
    driver = (await connection.get_raw_connection()).driver_connection
    try:
        yield driver
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        gone = not isinstance(error, asyncpg.PostgresError)
        raise DBAPIError("COPY", None, error, connection_invalidated=gone) from error


def watch(engine: AsyncEngine) -> None:
    """Make a DBAPIError of every loss of a connection, whatever the network calls it."""
    event.listen(engine.sync_engine, "do_connect", _use_connect)
    event.listen(engine.sync_engine, "handle_error", _judge)
    event.listen(engine.sync_engine, "close", _hang_up)


def _use_connect(*given: Any) -> None:
    given[-1]["async_creator_fn"] = connect


async def connect(**params: Any) -> asyncpg.Connection:
    """Open a connection; where the network does not let us, that is SQLSTATE 08001."""
    told = KEEPALIVE | params.pop("server_settings", {})
    try:
        return await asyncpg.connect(**params, server_settings=told)
    except OSError as error:  # a TimeoutError is one of them
        message = f"{type(error).__name__}: {error}"
        raise asyncpg.ClientCannotConnectError(message) from error


def _hang_up(connection: Any, record: Any) -> None:
    """Wait for no farewell on a connection that is older than the last silence."""
    if record.starttime < SILENCE["last"]:
        connection.driver_connection.terminate()


def _judge(context: ExceptionContext) -> None:
    """Give up the pool of a server that is silent, or that can no longer write."""
    error, connection = context.original_exception, context.connection
    if isinstance(error, TimeoutError) and connection:
        if hanging := connection.connection.driver_connection:
            hanging.terminate()
        SILENCE["last"], context.invalidate_pool_on_disconnect = time(), True
        silent = TimeoutError("no answer within command_timeout")
        raise DBAPIError(context.statement, None, silent, connection_invalidated=True)
    if getattr(error, "sqlstate", None) == "25006":
        context.is_disconnect = True
    if isinstance(error.__cause__, asyncpg.PostgresError):
        error.__cause__.detail = None  # it shows what a client sent
