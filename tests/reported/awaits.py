"""An `await` too few or too many; one session or connection, shared."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asyncpg
from fastapi import Depends
from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, sessionmaker

from reported import Bolt, Place, Rig, raises


@raises("TypeError: awaited, and no coroutine")
async def add_awaited(place: Place) -> None:
    async with place.session() as session:
        await session.add(Rig(name="two"))


@raises("TypeError: awaited, and no coroutine")
async def result_awaited(place: Place) -> None:
    async with place.session() as session:
        await (await session.execute(select(Rig))).scalars()


async def get_db() -> AsyncIterator[AsyncSession]:
    async with AsyncSession() as session:
        yield session


GENERATOR = "AttributeError: a generator in the place of a session"


@raises(GENERATOR)
async def generator_executes(place: Place) -> None:
    await get_db().execute(select(Rig))


@raises(GENERATOR)
async def generator_entered(place: Place) -> None:
    async with get_db() as session:
        await session.execute(select(Rig))


@raises(GENERATOR)
async def generator_awaited(place: Place) -> None:
    await get_db()


@raises(GENERATOR)
async def manager_not_entered(place: Place) -> None:
    await contextlib.asynccontextmanager(get_db)().execute(select(Rig))


@raises("TypeError: with, where async with is wanted")
async def with_async_session(place: Place) -> None:
    with AsyncSession() as session:
        session.add(Rig())


@raises("TypeError: async with, where with is wanted")
async def async_with_session(place: Place) -> None:
    async with Session() as session:
        session.add(Rig())


NO_BLOCK = "TypeError: async with, and a connection of asyncpg's"


@raises(NO_BLOCK)
async def async_with_asyncpg(place: Place) -> None:
    async with await asyncpg.connect(place.url) as connection:
        await connection.fetchval("SELECT 1")


@raises(NO_BLOCK)
async def async_with_a_connection_of_asyncpg(place: Place) -> None:
    async with place.raw() as connection, connection:
        await connection.fetchval("SELECT 1")


@raises("TypeError: the function itself, behind async with")
async def brackets_missing(place: Place) -> None:
    async with place.sessions() as sessions, sessions as session:
        await session.execute(select(Rig))


@raises("TypeError: async for, over what is in memory")
async def async_for(place: Place) -> None:
    async with place.session() as session:
        async for _ in await session.scalars(select(Rig)):
            pass


@raises("IllegalStateChangeError: a session closed while it works")
async def closed_while_it_works(place: Place) -> None:
    async with place.engine() as engine:
        session = AsyncSession(engine)
        task = asyncio.create_task(session.execute(text("SELECT pg_sleep(0.3)")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        try:
            await session.close()
        finally:
            await asyncio.gather(task, return_exceptions=True)


@raises("InvalidRequestError: an object of another session")
async def object_of_another_session(place: Place) -> None:
    async with place.sessions() as sessions, sessions() as one, sessions() as other:
        other.add(await one.get(Rig, 1))


@raises("InvalidRequestError: a transaction within a transaction")
async def begun_twice(place: Place) -> None:
    async with place.session() as session:
        await session.execute(select(Rig))
        async with session.begin():
            pass


@raises("InvalidRequestError: a transaction within a transaction")
async def connection_begun_twice(place: Place) -> None:
    async with place.connection() as connection:
        await connection.begin()


@raises("InvalidRequestError: the transaction of this block has ended")
async def committed_inside(place: Place) -> None:
    async with place.sessions() as sessions, sessions.begin() as session:
        await session.commit()
        await session.execute(select(Rig))


@raises("InvalidRequestError: an object that this session does not hold")
async def refreshed_before_flush(place: Place) -> None:
    async with place.session() as session:
        await session.refresh(Rig(name="two"))


@raises("InvalidRequestError: the row is gone")
async def refreshed_after_delete(place: Place) -> None:
    async with place.session() as session:
        rig = await session.get(Rig, 1)
        await session.execute(delete(Bolt))
        await session.execute(delete(Rig).execution_options(synchronize_session=False))
        await session.refresh(rig)


@raises("RuntimeError: Event loop is closed")
async def loop_closed(place: Place) -> None:
    def two_loops() -> None:
        asyncio.run(asyncpg.connect(place.url)).terminate()

    with ThreadPoolExecutor() as threads:
        await asyncio.wrap_future(threads.submit(two_loops))


@raises("InterfaceError: a connection that went back to its pool")
async def released(place: Place) -> None:
    async with asyncpg.create_pool(place.url, min_size=1) as pool:
        async with pool.acquire() as connection:
            pass
        await connection.fetchval("SELECT 1")


@raises("InterfaceError: a pool that is not open yet")
async def not_opened(place: Place) -> None:
    await asyncpg.create_pool(place.url).fetchval("SELECT 1")


@raises("InterfaceError: a pool that is closed")
async def closed(place: Place) -> None:
    async with asyncpg.create_pool(place.url, min_size=1) as pool:
        pass
    await pool.fetchval("SELECT 1")


@raises("MissingGreenlet: synchronous code got an async engine")
async def synchronous_session(place: Place) -> None:
    async with place.engine() as engine:
        with sessionmaker(engine.sync_engine)() as session:
            session.execute(text("SELECT 1"))


@raises("MissingGreenlet: synchronous code got an async engine")
async def synchronous_connection(place: Place) -> None:
    async with place.engine() as engine:
        engine.sync_engine.connect()


@raises("AttributeError: the factory in the place of a session")
async def factory_executes(place: Place) -> None:
    async with place.sessions() as sessions:
        await sessions.execute(select(Rig))


@raises("AttributeError: Depends in the place of a session")
async def endpoint_called(place: Place) -> None:
    def show(session: Any = Depends(get_db)) -> None:  # noqa: B008 - FastAPI's older form
        session.add(Rig())

    show()


NONE = "AttributeError: None, where something was expected"


@raises(NONE)
async def nothing_found(place: Place) -> None:
    async with place.session() as session:
        _ = (await session.get(Rig, 99)).name


@raises(NONE)
async def no_row(place: Place) -> None:
    async with place.raw() as connection:
        _ = (await connection.fetchrow("SELECT 1 WHERE false"))["id"]


@raises("RuntimeError: no event loop here")
async def task_in_a_thread(place: Place) -> None:
    await asyncio.to_thread(asyncio.get_running_loop)


@raises("RuntimeError: no event loop here")
async def loop_of_a_thread(place: Place) -> None:
    await asyncio.to_thread(asyncio.get_event_loop)


@raises("InvalidRequestError: a row twice in one session")
async def row_twice(place: Place) -> None:
    async with place.sessions() as sessions, sessions() as one, sessions() as other:
        same = await other.get_one(Rig, 1)
        other.expunge(same)
        kept = await one.get(Rig, 1)
        one.add(same)
        assert kept


@raises("UnboundExecutionError: a session without an engine")
async def no_engine(place: Place) -> None:
    async with AsyncSession() as session:
        await session.execute(select(Rig))
