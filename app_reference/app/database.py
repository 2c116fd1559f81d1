"""The app's one engine, its sessions, and the base of every model."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
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

from app.failures import CommitLost, answered, note, passes, watch
from app.settings import settings

LIMITS = {
    "statement_timeout": "3s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
}
engine = create_async_engine(
    settings.database_url.get_secret_value(),
    hide_parameters=True,
    pool_recycle=180,
    pool_size=settings.pool_size,
    max_overflow=0,
    pool_timeout=settings.pool_timeout,
    connect_args={"timeout": 2, "command_timeout": 4, "server_settings": LIMITS},
)
watch(engine)
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


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Try, and try again with longer and longer pauses, as long as the reason may pass."""
    give_up, pause, count = monotonic() + settings.patience, 0.05, 1
    while True:
        try:
            return await attempt()
        except DBAPIError as error:
            if not passes(error) or monotonic() + pause > give_up:
                raise
            note("trying again", error, attempt=count)
        await asyncio.sleep(pause)
        pause, count = min(2 * pause, 1), count + 1


TEAM: ContextVar[int | None] = ContextVar("TEAM", default=None)
"""The team that asks; where nobody asks, there are no rows."""


async def transact(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run one unit of work and return its result; by then its rows are there for everybody."""

    async def attempt() -> T:
        async with session_factory.begin() as session:
            await hold(await session.connection())
            result = await work(session)
            await session.flush()
            try:
                await session.commit()
            except Exception as error:
                if answered(error):
                    await session.rollback()
                    raise
                raise CommitLost from error
            return result

    return await patiently(attempt)


Reader: TypeAlias = AsyncConnection | AsyncSession
"""Whatever runs a query: a connection where nothing changes, a session in a unit of work."""
readers = engine


async def read(work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Run queries that change nothing, in a transaction that is undone, and return the result."""

    async def attempt() -> T:
        async with readers.connect() as connection:
            await hold(connection)
            return await work(connection)

    return await patiently(attempt)


async def hold(connection: AsyncConnection) -> None:
    """Hold this transaction to the rows of the team that asks; with its end that is over."""
    team = str(TEAM.get() or "")
    await connection.exec_driver_sql("SELECT set_config('app.team', $1, true)", (team,))
