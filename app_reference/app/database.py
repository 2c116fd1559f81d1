"""The app's one engine, its sessions, and the base of every model."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeAlias, TypeVar

from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase

from app.settings import settings

LIMITS = {
    "statement_timeout": "5s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_timeout=settings.pool_timeout,
    connect_args={"timeout": 2, "command_timeout": 10, "server_settings": LIMITS},
)
session_factory = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    """The base of every model; its constraints get names that a migration can repeat."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


T = TypeVar("T")
PASSING = {"40001", "40P01", "57P01", "57P02", "57P03"}


class CommitLost(Exception):
    """The connection was lost during COMMIT: nobody knows whether the work counts."""


def lost(error: DBAPIError) -> bool:
    """Whether the connection broke, while it was opened or later: class 08 of SQLSTATE."""
    return error.connection_invalidated or sqlstate(error).startswith("08")


def sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's code of the error, or an empty string."""
    return getattr(error.orig, "sqlstate", None) or ""


def passes(error: BaseException) -> bool:
    """Whether the same work may succeed in a moment: a lost connection, a restart, a deadlock."""
    if isinstance(error, DBAPIError):
        return lost(error) or sqlstate(error) in PASSING
    return isinstance(error, OSError)


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try, and try again with longer and longer pauses, as long as the reason may pass."""
    give_up, pause = monotonic() + settings.patience, 0.05
    while True:
        try:
            return await attempt()
        except (DBAPIError, OSError) as error:
            if not passes(error) or monotonic() + pause > give_up:
                raise
        await asyncio.sleep(pause)
        pause = min(2 * pause, 1)


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""

    async def attempt() -> T:
        async with session_factory() as session:
            result = await work(session)
            await session.flush()
            try:
                await session.commit()
            except DBAPIError as error:
                if lost(error):
                    raise CommitLost from error
                raise
            return result

    return await patiently(attempt)


Reader: TypeAlias = AsyncConnection | AsyncSession
"""Whatever runs a query: a connection where nothing changes, a session in a unit of work."""
readers = engine.execution_options(isolation_level="AUTOCOMMIT")


async def read(work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Run queries that change nothing, each a transaction of its own, and return the result."""

    async def attempt() -> T:
        async with readers.connect() as connection:
            return await work(connection)

    return await patiently(attempt)
