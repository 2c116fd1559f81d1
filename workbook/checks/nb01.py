"""Checks of notebook 01: the session factory, get_db, and a unit of work that fails."""

import asyncio
import inspect
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from workbook.checks.answer import Answer, expect, show
from workbook.checks.registry import checks
from workbook.checks.verdict import NotYet

INSERT = text("INSERT INTO incident (title) VALUES ('Checkout answers 500')")


class _Base(DeclarativeBase):
    """Models of these checks only."""


class _Incident(_Base):
    __tablename__ = "incident"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


class PagerDown(Exception):
    """What goes wrong in the caller's unit of work."""


async def _table(answer: Answer) -> None:
    await answer.observer.execute(
        "CREATE TABLE incident (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,"
        " title text NOT NULL);"
        " GRANT ALL ON incident TO PUBLIC"
    )


async def _rows(answer: Answer) -> int:
    count: int = await answer.observer.fetchval("SELECT count(*) FROM incident")
    return count


# The session factory


@checks("01.factory")
async def factory(answer: Answer) -> None:
    """New async sessions on each call, from this file's engine, readable after a commit."""
    await _table(answer)
    module = answer.load()
    session_factory = answer.get()
    if not callable(session_factory):
        raise NotYet(
            "session_factory()",
            f"{show(session_factory)} cannot be called",
            "a factory: something that gives a new session for each call",
            "which part of a factory's line makes the factory, and which part calls it?",
        )
    first, second = session_factory(), session_factory()
    await _are_sessions(first, second)
    await _uses_engine(module.engine, first)
    await _readable_after_commit(second)
    await module.engine.dispose()


async def _are_sessions(first: Any, second: Any) -> None:
    if not isinstance(first, AsyncSession):
        raise NotYet(
            "session_factory()",
            f"it returned a {type(first).__name__}",
            "an AsyncSession",
            "which of SQLAlchemy's factories makes sessions that can be awaited?",
        )
    if first is second:
        raise NotYet(
            "session_factory(), twice",
            "the same session both times",
            "two sessions",
            "what happens when two requests share one unit of work?",
        )


async def _uses_engine(engine: Any, session: AsyncSession) -> None:
    try:
        await session.execute(text("SELECT 1"))
    except exc.UnboundExecutionError:
        raise NotYet(
            "session.execute(…)",
            "the session has no engine to ask",
            "a connection from this file's engine",
            "how does the factory learn where connections come from?",
        ) from None
    taken = engine.pool.checkedout()
    await session.close()
    if not taken:
        raise NotYet(
            "a session in use",
            "it took no connection from this file's engine",
            "one connection out of `engine`'s pool",
            "how many engines, and so how many pools, should an app have?",
        )


async def _readable_after_commit(session: AsyncSession) -> None:
    incident = _Incident(title="Queue grows")
    session.add(incident)
    await session.commit()
    try:
        title = incident.title
    except exc.MissingGreenlet:
        raise NotYet(
            "incident.title, after a commit",
            "MissingGreenlet: the commit expired it",
            "'Queue grows'",
            "which option of the factory says what a commit forgets?",
        ) from None
    finally:
        await session.close()
    expect("incident.title, after a commit", title, "Queue grows", "what did the commit change?")


# get_db


@checks("01.get_db")
async def get_db(answer: Answer) -> None:
    """Commits on success, rolls back and raises on error and on cancellation, closes always."""
    await _table(answer)
    module, function = answer.load(), answer.get()
    if not inspect.isasyncgenfunction(function):
        raise NotYet(
            "get_db()",
            f"it returned {show(type(function()).__name__)}",
            "an async generator, which lends a session with `yield`",
            "what is the difference between `return` and `yield` "
            "for whoever has to tidy up afterwards?",
        )
    unit_of_work = asynccontextmanager(function)
    await _success(answer, module.engine, unit_of_work)
    await _failure(answer, module.engine, unit_of_work)
    await _cancelled(answer, unit_of_work)
    await module.engine.dispose()


async def _success(answer: Answer, engine: Any, unit_of_work: Any) -> None:
    async with unit_of_work() as session:
        if not isinstance(session, AsyncSession):
            raise NotYet(
                "get_db()",
                f"it lent {show(session)}",
                "an AsyncSession",
                "what stands to the right of `yield`?",
            )
        await session.execute(INSERT)
        if await _rows(answer):
            raise NotYet(
                "one unit of work, before its end",
                "the row is visible to others already",
                "0 rows until the block ends",
                "who says when the work is complete?",
            )
    if await _rows(answer) != 1:
        raise NotYet(
            "one unit of work that ends well",
            "0 rows are stored",
            "1 row",
            "which statement makes a row real, and who sends it?",
        )
    await _returned(engine, "one unit of work that ends well")


async def _failure(answer: Answer, engine: Any, unit_of_work: Any) -> None:
    call = "one unit of work that raises PagerDown"
    try:
        async with unit_of_work() as session:
            await session.execute(INSERT)
            raise PagerDown("the pager's service is down")
    except PagerDown:
        pass
    except RuntimeError:
        raise _swallowed(call) from None
    else:
        raise _swallowed(call)
    if await _rows(answer) != 1:
        raise NotYet(
            call,
            "its row is stored all the same",
            "no new row",
            "does your commit also run when the block failed?",
        )
    await _returned(engine, call)


def _swallowed(call: str) -> NotYet:
    return NotYet(
        call,
        "the error did not come out",
        "PagerDown itself, so that the caller knows",
        "who is told that the work was thrown away?",
    )


async def _cancelled(answer: Answer, unit_of_work: Any) -> None:
    started = asyncio.Event()

    async def work() -> None:
        async with unit_of_work() as session:
            await session.execute(INSERT)
            started.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()
    await asyncio.wait([task])
    if await _rows(answer) != 1:
        raise NotYet(
            "one unit of work that is cancelled",
            "its row is stored",
            "no new row",
            "is CancelledError an Exception?",
        )


async def _returned(engine: Any, call: str) -> None:
    if engine.pool.checkedout():
        raise NotYet(
            f"{call}, afterwards",
            "its connection was not given back to the pool",
            "no connection in use",
            "who closes the session, on success and on error?",
        )


# A unit of work that fails


@checks("01.nothing_left")
async def nothing_left(answer: Answer) -> None:
    """A page that works stores the row; a page that fails leaves none, and the error comes out."""
    await _table(answer)
    engine = create_async_engine(answer.url.replace("postgresql:", "postgresql+asyncpg:", 1))
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    try:
        await _paged(answer, sessions)
        await _not_paged(answer, sessions)
        await _returned(engine, "raise_alarm(…)")
    finally:
        await engine.dispose()


async def _paged(answer: Answer, sessions: Any) -> None:
    pages: list[int] = []

    async def page(incident_id: int) -> None:
        pages.append(incident_id)

    call = "raise_alarm(sessions, 'Queue grows', page)"
    got = await answer.get()(sessions, "Queue grows", page)
    stored = await answer.observer.fetch("SELECT id, title FROM incident")
    if [row["title"] for row in stored] != ["Queue grows"]:
        raise NotYet(
            call,
            f"{len(stored)} rows are stored",
            "1 row, with that title",
            "when the page went out, who makes the row real?",
        )
    expect(
        f"{call}, and looked at who was paged",
        pages,
        [stored[0]["id"]],
        "was somebody paged, once, about the id of the row?",
    )
    expect(call, got, stored[0]["id"], "which id does the caller get?")


async def _not_paged(answer: Answer, sessions: Any) -> None:
    async def page(_: int) -> None:
        raise PagerDown("the pager's service is down")

    call = "raise_alarm(sessions, 'Disk is full', page), where page raises PagerDown"
    try:
        await answer.get()(sessions, "Disk is full", page)
    except PagerDown:
        pass
    else:
        raise _swallowed(call)
    if await _rows(answer) != 1:
        raise NotYet(
            call,
            "the row is stored, and nobody was paged about it",
            "no row",
            "at which line does the row become visible, and has the page gone out by then?",
        )
