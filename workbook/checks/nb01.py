"""Checks of notebook 01: the session factory, get_db, and a unit of work that fails."""

import asyncio
import gc
import inspect
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from workbook.checks.answer import Answer, expect, show
from workbook.checks.registry import checks
from workbook.checks.verdict import NotYet
from workbook.urls import for_sqlalchemy

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
        " GRANT ALL ON incident TO PUBLIC; GRANT ALL ON SEQUENCE incident_id_seq TO PUBLIC"
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


async def _begins(answer: Answer, session_factory: Any) -> None:
    """`begin()` commits a unit of work at its end, and rolls back one that fails."""
    before = await _rows(answer)
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
    expect(f"rows, after {call}", await _rows(answer) - before, 1, "who commits?")
    try:
        async with session_factory.begin() as session:
            await session.execute(INSERT)
            raise PagerDown
    except PagerDown:
        pass
    if await _rows(answer) - before != 1:
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


@checks("01.get_db")
async def get_db(answer: Answer) -> None:
    """Commits on success, rolls back and raises on error and on cancellation, closes always."""
    await _table(answer)
    module, function = answer.load(), answer.get()
    if not inspect.isasyncgenfunction(function):
        raise NotYet(
            "get_db",
            f"it is {_kind(function)}",
            "an async generator function: `async def`, with a `yield` in it",
            "what is the difference between `return` and `yield` "
            "for whoever has to tidy up afterwards?",
        )
    unit_of_work = asynccontextmanager(function)
    await _success(answer, module, unit_of_work)
    for error in (PagerDown("the pager's service is down"), LookupError("no such team")):
        await _failure(answer, module.engine, unit_of_work, error)
    await _commit_fails(answer, unit_of_work)
    await _cancelled(answer, module.engine, unit_of_work)
    await _two_at_once(unit_of_work)
    await _awaited(answer)
    await module.engine.dispose()


def _kind(function: Any) -> str:
    if inspect.iscoroutinefunction(function):
        return "a coroutine function"
    return "a plain function" if inspect.isfunction(function) else show(type(function).__name__)


async def _success(answer: Answer, module: Any, unit_of_work: Any) -> None:
    call, before = "one unit of work that ends well", await _rows(answer)
    async with unit_of_work() as session:
        if not isinstance(session, AsyncSession):
            raise NotYet(
                "get_db()",
                f"it lent {show(session)}",
                "an AsyncSession",
                "what stands to the right of `yield`?",
            )
        await session.execute(INSERT)
        session.add(incident := _Incident(title="Queue grows"))
        if await _rows(answer) > before:
            raise NotYet(
                f"{call}, before its end",
                "the row is visible to others already",
                "0 rows until the block ends",
                "who says when the work is complete?",
            )
        if not module.engine.pool.checkedout():
            raise NotYet(
                call,
                "it used no connection of `engine`'s pool",
                "one of them",
                "how many engines should an app have, and where are sessions made?",
            )
    if await _rows(answer) != before + 2:
        raise NotYet(
            call,
            f"{await _rows(answer) - before} of its 2 rows are stored",
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
    await _returned(answer, module.engine, call)


async def _failure(answer: Answer, engine: Any, unit_of_work: Any, error: Exception) -> None:
    call, before = f"one unit of work that raises {type(error).__name__}", await _rows(answer)
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
        raise _swallowed(call)
    if await _rows(answer) != before:
        raise NotYet(
            call,
            "its row is stored all the same",
            "no new row",
            "does your commit also run when the block failed?",
        )
    await _returned(answer, engine, call)


def _swallowed(call: str) -> NotYet:
    return NotYet(
        call,
        "the error did not come out",
        "the error itself, so that the caller knows",
        "who is told that the work was thrown away?",
    )


async def _commit_fails(answer: Answer, unit_of_work: Any) -> None:
    """A deferred constraint is checked by COMMIT, so this unit fails at its very end."""
    await answer.observer.execute(
        "ALTER TABLE incident ADD CONSTRAINT once UNIQUE (title) DEFERRABLE INITIALLY DEFERRED"
        if await answer.observer.fetchval("SELECT count(*) = 0 FROM incident")
        else "TRUNCATE incident; ALTER TABLE incident ADD CONSTRAINT once"
        " UNIQUE (title) DEFERRABLE INITIALLY DEFERRED"
    )
    try:
        async with unit_of_work() as session:
            await session.execute(INSERT)
            await session.execute(INSERT)
    except exc.IntegrityError:
        await answer.observer.execute("ALTER TABLE incident DROP CONSTRAINT once")
        return
    raise NotYet(
        "one unit of work whose COMMIT fails",
        "no error came out",
        "IntegrityError",
        "what does the caller believe when the commit's own error is dropped?",
    )


async def _cancelled(answer: Answer, engine: Any, unit_of_work: Any) -> None:
    started, before = asyncio.Event(), await _rows(answer)

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
    if await _rows(answer) != before:
        raise NotYet(call, "its row is stored", "no new row", "is CancelledError an Exception?")
    if not task.cancelled():
        raise NotYet(
            call,
            "the cancellation did not come out",
            "CancelledError",
            "who must know that the work was stopped?",
        )
    await _returned(answer, engine, call)


async def _two_at_once(unit_of_work: Any) -> None:
    async with unit_of_work() as first, unit_of_work() as second:
        if first is second:
            raise NotYet(
                "two units of work at once",
                "the same session for both",
                "one each",
                "what happens when two requests share one unit of work?",
            )


async def _awaited(answer: Answer) -> None:
    forgotten = [
        str(each.message) for each in answer.complaints if "never awaited" in str(each.message)
    ]
    if forgotten:
        raise NotYet(
            "get_db()", forgotten[0], "every call awaited", "which call has no `await` before it?"
        )


async def _returned(answer: Answer, engine: Any, call: str) -> None:
    """The connection is back in the pool because somebody closed the session."""
    out = engine.pool.checkedout()
    gc.collect()
    await asyncio.sleep(0)
    lost = any("non-checked-in connection" in str(each.message) for each in answer.complaints)
    if out or lost:
        raise NotYet(
            f"{call}, afterwards",
            "its connection was not given back to the pool",
            "no connection in use",
            "who closes the session, on success, on error and on cancellation?",
        )


# A unit of work that fails


@checks("01.nothing_left")
async def nothing_left(answer: Answer) -> None:
    """A page that works stores the row; one that fails or is cancelled leaves none."""
    await _table(answer)
    await answer.observer.execute(  # ids with a gap, and a title that is there already
        "INSERT INTO incident (title) VALUES ('Queue grows'), ('Disk is full'), ('x');"
        " DELETE FROM incident WHERE title = 'x'"
    )
    engine = create_async_engine(for_sqlalchemy(answer.url))
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    try:
        for title in ("Queue grows", "it's :down"):
            await _paged(answer, engine, sessions, title)
        await _not_paged(answer, engine, sessions)
        await _page_cancelled(answer, engine, sessions)
        await _awaited(answer)
    finally:
        await engine.dispose()


async def _paged(answer: Answer, engine: Any, sessions: Any, title: str) -> None:
    pages: list[int] = []
    before = await _rows(answer)
    seen: list[int] = []
    used: list[int] = []

    async def page(incident_id: int) -> None:
        await asyncio.sleep(0.02)  # a pager takes its time
        seen.append(await _rows(answer) - before)
        used.append(engine.pool.checkedout())
        pages.append(incident_id)

    call = f"raise_alarm(sessions, {title!r}, page)"
    got = await answer.get()(sessions, title, page)
    if not pages:
        raise NotYet(
            call,
            "nobody was paged",
            "one page, about the id of the row",
            "is `page` called, and awaited?",
        )
    if seen[0]:
        raise NotYet(
            call,
            "while the page goes out, everybody sees the row already",
            "a row that becomes visible when the page went out",
            "at which line does the row become visible, and has the page gone out by then?",
        )
    if not used[0]:
        raise NotYet(
            call,
            "no connection of the sessions it was given is in use",
            "a session that `sessions` made",
            "who decides which database the alarm is written to?",
        )
    if await _rows(answer) != before + 1:
        raise NotYet(
            call,
            f"{await _rows(answer) - before} new rows are stored",
            "1 row",
            "when the page went out, who makes the row real?",
        )
    stored = await answer.observer.fetchrow("SELECT id, title FROM incident ORDER BY id DESC")
    expect(
        f"the title that {call} stored", stored["title"], title, "is it the title that was given?"
    )
    if pages != [stored["id"]]:
        raise NotYet(
            call,
            f"paged about {pages}",
            f"one page, about {stored['id']}",
            "was somebody paged, once, about the id of the row?",
        )
    expect(call, got, stored["id"], "which id does the caller get?")
    await _returned(answer, engine, call)


async def _not_paged(answer: Answer, engine: Any, sessions: Any) -> None:
    tries: list[int] = []

    async def page(incident_id: int) -> None:
        tries.append(incident_id)
        raise PagerDown("the pager's service is down")

    call = "raise_alarm(sessions, 'Disk is full', page), where page raises PagerDown"
    before = await _rows(answer)
    try:
        await answer.get()(sessions, "Disk is full", page)
    except PagerDown:
        pass
    except Exception as error:
        raise NotYet(
            call,
            f"{type(error).__name__} came out",
            "PagerDown itself",
            "which error does the caller get to see?",
        ) from None
    else:
        raise _swallowed(call)
    if await _rows(answer) > before:
        raise NotYet(
            call,
            "the row is stored, and nobody was paged about it",
            "no row",
            "at which line does the row become visible, and has the page gone out by then?",
        )
    expect(
        "the rows that were there before",
        await _rows(answer),
        before,
        "which rows may a failing alarm remove?",
    )
    expect(f"how often {call} pages", len(tries), 1, "who asked for a second page?")
    await _returned(answer, engine, call)


async def _page_cancelled(answer: Answer, engine: Any, sessions: Any) -> None:
    started, finished = asyncio.Event(), asyncio.Event()

    async def page(_: int) -> None:
        started.set()
        await asyncio.sleep(0.05)
        finished.set()

    call, before = "raise_alarm(…), cancelled while it pages", await _rows(answer)
    task = asyncio.create_task(answer.get()(sessions, "Disk is full", page))
    await started.wait()
    task.cancel()
    await asyncio.wait([task])
    await asyncio.sleep(0.07)
    if await _rows(answer) != before or finished.is_set():
        raise NotYet(
            call,
            "the row is stored, or the page went out all the same",
            "neither",
            "is CancelledError an Exception, and what is not stopped by it?",
        )
    await _returned(answer, engine, call)
