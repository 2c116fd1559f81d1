"""Checks of notebook 01: the session factory, get_db, and a unit of work that fails."""

import asyncio
import inspect
import sys
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from workbook.base.urls import for_sqlalchemy
from workbook.checks import alarms
from workbook.checks.answer import Answer, expect, show
from workbook.checks.registry import checks
from workbook.checks.units import (
    INSERT,
    ONCE,
    PagerDown,
    awaited,
    finished,
    in_use,
    kept,
    reaching,
    returned,
    rows,
    stopped,
    swallowed,
    table,
)
from workbook.checks.verdict import NotYet


class _Base(DeclarativeBase):
    """Models of these checks only."""


class _Incident(_Base):
    __tablename__ = "incident"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


# The session factory


@checks("01.factory")
async def factory(answer: Answer) -> None:
    """New async sessions on each call, from this file's engine, readable after a commit."""
    await table(answer)
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
    await _uses_engine(answer, module.engine, first)
    await _readable_after_commit(second)
    await _begins(answer, session_factory)
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


async def _uses_engine(answer: Answer, engine: Any, session: AsyncSession) -> None:
    try:
        async with reaching(answer):
            await session.execute(text("SELECT 1"))
    except exc.UnboundExecutionError:
        raise NotYet(
            "session.execute(…)",
            "the session has no engine to ask",
            "a connection from this file's engine",
            "how does the factory learn where connections come from?",
        ) from None
    taken = in_use(engine)
    await session.close()
    if not taken:
        raise NotYet(
            "a session in use",
            "it took no connection from this file's engine",
            "one connection out of `engine`'s pool",
            "how many engines, and so how many pools, should an app have?",
        )


async def _begins(answer: Answer, session_factory: Any) -> None:
    """`begin()` commits a unit of work at its end, and rolls back one that fails."""
    before = await rows(answer)
    call = "async with session_factory.begin() as session"
    try:
        async with session_factory.begin() as session:
            await session.execute(INSERT)
    except (AttributeError, TypeError) as error:
        raise NotYet(
            call,
            f"it raised {type(error).__name__}: {error}",
            "a unit of work",
            "which factory of SQLAlchemy's can also begin one?",
        ) from None
    expect(f"rows, after {call}", await rows(answer) - before, 1, "who commits?")
    try:
        async with session_factory.begin() as session:
            await session.execute(INSERT)
            raise PagerDown
    except PagerDown:
        pass
    if await rows(answer) - before != 1:
        raise NotYet(
            f"{call}, in which the work fails",
            "its row is stored",
            "no row",
            "what does AUTOCOMMIT leave to roll back?",
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

ERRORS = (
    PagerDown("the pager's service is down"),
    LookupError("no such team"),
    exc.OperationalError("SELECT 1", None, ConnectionError("the server is going away")),
)
"""What a unit of work may raise: the app's own errors, and the database's."""


def _errors() -> tuple[Exception, ...]:
    """These, and an answer for the client where the learner's file has imported what it takes."""
    fastapi = sys.modules.get("fastapi")
    return (*ERRORS, fastapi.HTTPException(409, "the incident is closed")) if fastapi else ERRORS


@checks("01.get_db")
async def get_db(answer: Answer) -> None:
    """Commits on success, rolls back and raises on error and on cancellation, closes always."""
    await table(answer)
    module, function = answer.load(), answer.get()
    _can_be_asked(function)
    await _connects(answer, module.engine)
    unit_of_work = asynccontextmanager(function)
    await _success(answer, module.engine, unit_of_work)
    for error in _errors():
        await _failure(answer, module.engine, unit_of_work, error)
    await _commit_fails(answer, module.engine, unit_of_work)
    await _cancelled(answer, module.engine, unit_of_work)
    await _abandoned(answer, module.engine, function)
    await _two_at_once(answer, unit_of_work)
    await awaited(answer)
    await module.engine.dispose()


def _can_be_asked(function: Any) -> None:
    """It is what FastAPI takes for a dependency with an end, and it asks the client nothing."""
    if not inspect.isasyncgenfunction(function):
        raise _no_generator(function)
    if named := list(inspect.signature(function).parameters):
        raise NotYet(
            "get_db",
            f"it takes {', '.join(named)}",
            "no parameters",
            "who fills in a parameter of a dependency, when a request comes?",
        )


def _no_generator(function: Any) -> NotYet:
    if inspect.isasyncgenfunction(inspect.unwrap(function)):
        return NotYet(
            "get_db",
            "it is an async generator function inside a decorator",
            "the bare async generator function",
            "who makes a context manager of it: this file, or whoever uses it?",
        )
    return NotYet(
        "get_db",
        f"it is {_kind(function)}",
        "an async generator function: `async def`, with a `yield` in it",
        "what is the difference between `return` and `yield` "
        "for whoever has to tidy up afterwards?",
    )


def _kind(function: Any) -> str:
    if inspect.iscoroutinefunction(function):
        return "a coroutine function"
    return "a plain function" if inspect.isfunction(function) else show(type(function).__name__)


async def _connects(answer: Answer, engine: Any) -> None:
    in_use(engine)
    async with reaching(answer), engine.connect():
        pass


async def _success(answer: Answer, engine: Any, unit_of_work: Any) -> None:
    call, before = "one unit of work that ends well", await rows(answer)
    tasks = asyncio.all_tasks()
    async with unit_of_work() as session:
        if not isinstance(session, AsyncSession):
            raise NotYet(
                "get_db()",
                f"it lent {show(session)}",
                "an AsyncSession",
                "what stands to the right of `yield`?",
            )
        async with reaching(answer):
            await session.execute(INSERT)
        session.add(incident := _Incident(title="Queue grows"))
        if await rows(answer) > before:
            raise NotYet(
                f"{call}, before its end",
                "the row is visible to others already",
                "0 rows until the block ends",
                "who says when the work is complete?",
            )
        if not in_use(engine):
            raise NotYet(
                call,
                "it used no connection of `engine`'s pool",
                "one of them",
                "how many engines should an app have, and where are sessions made?",
            )
    started = asyncio.all_tasks() - tasks
    if await rows(answer) != before + 2:
        raise NotYet(
            call,
            f"{await rows(answer) - before} of its 2 rows are stored",
            "both",
            "which statement makes a row real, and who sends it?",
        )
    try:
        title = incident.title
    except exc.SQLAlchemyError as error:
        raise NotYet(
            f"{call}, and an attribute afterwards",
            f"{type(error).__name__}",
            "its value",
            "which factory knows what a commit forgets?",
        ) from None
    expect("incident.title, afterwards", title, "Queue grows", "what did the commit change?")
    await returned(answer, engine, call)
    finished(started, call)
    kept(engine, call)


async def _failure(answer: Answer, engine: Any, unit_of_work: Any, error: Exception) -> None:
    call, before = f"one unit of work that raises {type(error).__name__}", await rows(answer)
    try:
        async with unit_of_work() as session:
            await session.execute(INSERT)
            raise error
    except type(error):
        pass
    except Exception as other:
        raise NotYet(
            call,
            f"{type(other).__name__} came out in its place",
            type(error).__name__,
            "how often may the generator yield, and which error does it pass on?",
        ) from None
    else:
        raise swallowed(call)
    if await rows(answer) != before:
        raise NotYet(
            call,
            "its row is stored all the same",
            "no new row",
            "does your commit also run when the block failed?",
        )
    await returned(answer, engine, call)
    kept(engine, call)


async def _commit_fails(answer: Answer, engine: Any, unit_of_work: Any) -> None:
    """A deferred constraint is checked by COMMIT, so this unit fails at its very end."""
    await answer.observer.execute(ONCE)
    call = "one unit of work whose COMMIT fails"
    try:
        async with unit_of_work() as session:
            await session.execute(INSERT)
            await session.execute(INSERT)
    except exc.IntegrityError:
        pass
    else:
        raise NotYet(
            call,
            "no error came out",
            "IntegrityError",
            "what does the caller believe when the commit's own error is dropped?",
        )
    await returned(answer, engine, call)
    kept(engine, call)
    await answer.observer.execute("ALTER TABLE incident DROP CONSTRAINT once")


async def _cancelled(answer: Answer, engine: Any, unit_of_work: Any) -> None:
    started, before = asyncio.Event(), await rows(answer)

    async def work() -> None:
        async with unit_of_work() as session:
            await session.execute(INSERT)
            started.set()
            await asyncio.sleep(60)

    call = "one unit of work that is cancelled"
    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()
    await asyncio.wait([task])
    if await rows(answer) != before:
        raise NotYet(call, "its row is stored", "no new row", "is CancelledError an Exception?")
    stopped(call, task)
    await returned(answer, engine, call)


async def _abandoned(answer: Answer, engine: Any, function: Any) -> None:
    """At its `yield`, a generator that is closed gets a GeneratorExit, which is no Exception."""
    call, before = "get_db(), closed in the middle of its work", await rows(answer)
    generator = function()
    session = await anext(generator)
    await session.execute(INSERT)
    await generator.aclose()
    if await rows(answer) != before:
        raise NotYet(
            call,
            "its row is stored",
            "no new row",
            "in how many ways can a generator go on after `yield`, and which of them commit?",
        )
    await returned(answer, engine, call)


async def _two_at_once(answer: Answer, unit_of_work: Any) -> None:
    """A second unit begins and ends while the first one works, and does not touch it."""
    before, own, trouble = await rows(answer), False, ""
    try:
        async with unit_of_work() as first:
            await first.execute(INSERT)
            async with unit_of_work() as second:
                own = first is not second
            await first.execute(INSERT)
    except exc.InvalidRequestError as error:
        trouble = f", and {type(error).__name__} came out"
    if not own:
        raise NotYet(
            "two units of work at once",
            "the second got no session of its own",
            "one each",
            "what happens when two requests share one unit of work?",
        )
    if trouble or await rows(answer) != before + 2:
        raise NotYet(
            "two units of work, of which the second ends first",
            f"{await rows(answer) - before} of the first one's 2 rows are stored{trouble}",
            "both",
            "whose sessions are closed at the end of a unit of work?",
        )


# A unit of work that fails


@checks("01.nothing_left")
async def nothing_left(answer: Answer) -> None:
    """A page that works stores the row; one that fails or is cancelled leaves none."""
    await table(answer)
    await answer.observer.execute(  # ids with a gap, and a title that is there already
        "INSERT INTO incident (title) VALUES ('Queue grows'), ('Disk is full'), ('x');"
        " DELETE FROM incident WHERE title = 'x'"
    )
    engine = create_async_engine(for_sqlalchemy(answer.url))
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    try:
        for title in ("Queue grows", "it's :down "):
            await alarms.paged(answer, engine, sessions, title)
        for error in alarms.ERRORS:
            await alarms.not_paged(answer, engine, sessions, error)
        await alarms.page_cancelled(answer, engine, sessions)
        await alarms.insert_refused(answer, engine, sessions)
        await alarms.commit_fails(answer, engine, sessions)
        await awaited(answer)
    finally:
        await engine.dispose()
