"""How a unit of work with get_db may end: well, with an error, at COMMIT, cancelled, closed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.messages import message
from workbook.checks.nb01.errors import error_swallowed
from workbook.checks.nb01.incident_table import (
    INSERT_INCIDENT,
    UNIQUE_AT_COMMIT,
    Incident,
    count_incidents,
)
from workbook.checks.nb01.pool import (
    connections_in_use,
    expect_connection_kept,
    expect_connection_returned,
    first_connection,
)
from workbook.checks.nb01.stored import both_stored, rollbacks_of
from workbook.checks.nb01.tasks import expect_cancelled, expect_no_task_left
from workbook.checks.verdict import NotYet

GET_DB = "get_db()"
"""How a unit of work is called in sentences, where it has no other name."""
UnitOfWork = Callable[[], AbstractAsyncContextManager[Any]]


async def ends_well(answer: Answer, engine: Any, unit_of_work: UnitOfWork) -> None:
    """Its two rows become visible at its end, and its objects can be read afterwards."""
    call, before = "get_db() around work that ends well", await count_incidents(answer)
    tasks = asyncio.all_tasks()
    async with unit_of_work() as session:
        _is_session(session)
        begun_already = session.in_transaction()
        async with first_connection(answer):
            await session.execute(INSERT_INCIDENT)
        session.add(incident := Incident(title="Queue grows"))
        await _nothing_visible(answer, call, before)
        _uses_pool(engine, call)
        undone = rollbacks_of(session)
    begun = asyncio.all_tasks() - tasks
    await both_stored(answer, call, before, undone=bool(undone), held=begun_already)
    _readable_afterwards(call, incident)
    await expect_connection_returned(answer, engine, call)
    expect_no_task_left(begun, call)
    expect_connection_kept(engine, call)


def _is_session(session: Any) -> None:
    if not isinstance(session, AsyncSession):
        raise NotYet(
            "get_db()",
            got=f"it lent {show(session)}",
            wanted="an AsyncSession",
            ask="what stands to the right of `yield`?",
        )


async def _nothing_visible(answer: Answer, call: str, before: int) -> None:
    if await count_incidents(answer) > before:
        raise NotYet(
            f"{call}, before its end",
            got="the row is visible to others already",
            wanted="0 rows until the block ends",
            ask="who says when the work is complete?",
        )


def _uses_pool(engine: Any, call: str) -> None:
    if not connections_in_use(engine):
        raise NotYet(
            call,
            got="it used no connection of `engine`'s pool",
            wanted="one of them",
            ask="how many engines should an app have, and where are sessions made?",
        )


def _readable_afterwards(call: str, incident: Incident) -> None:
    try:
        title = incident.title
    except exc.SQLAlchemyError as error:
        raise NotYet.looked_at(
            f"an attribute of its object, after {call}",
            got=f"reading it raised {message(error)}",
            wanted="its value",
            ask="which factory knows what a commit forgets?",
        ) from None
    ask = "what did the commit change?"
    expect_state(f"incident.title, after {call}", title, "Queue grows", ask)


async def raises(
    answer: Answer, engine: Any, unit_of_work: UnitOfWork, error: Exception, name: str = GET_DB
) -> None:
    """The error itself comes out, and the row is not stored."""
    kind = type(error)
    call, before = (
        f"{name} around work that raises {kind.__name__}",
        await count_incidents(answer),
    )
    try:
        async with unit_of_work() as session:
            await session.execute(INSERT_INCIDENT)
            raise error
    except kind:
        pass
    except Exception as other:
        raise NotYet(
            call,
            got=f"{message(other)} came out in its place",
            wanted=kind.__name__,
            ask="how often may the generator yield, and which error does it pass on?"
            if "generator" in str(other)
            else "which error does the caller wait for, and which line puts another in its place?",
        ) from None
    else:
        raise error_swallowed(answer, call)
    ask = "does your commit also run when the block failed?"
    await _nothing_stored(answer, call, before, got="its row is stored all the same", ask=ask)
    await expect_connection_returned(answer, engine, call)
    expect_connection_kept(engine, call)


async def _nothing_stored(
    answer: Answer, call: str, before: int, *, ask: str, got: str = "its row is stored"
) -> None:
    if await count_incidents(answer) != before:
        raise NotYet(call, got=got, wanted="no new row", ask=ask)


async def commit_fails(answer: Answer, engine: Any, unit_of_work: UnitOfWork) -> None:
    """A deferred constraint is checked by COMMIT, so this unit fails at its very end."""
    await answer.observer.execute(UNIQUE_AT_COMMIT)
    call = "get_db() around work whose COMMIT fails"
    try:
        async with unit_of_work() as session:
            await session.execute(INSERT_INCIDENT)
            await session.execute(INSERT_INCIDENT)
    except exc.IntegrityError:
        pass
    else:
        raise NotYet(
            call,
            got="no error came out",
            wanted="IntegrityError",
            ask="what does the caller believe when the commit's own error is dropped?",
        )
    await expect_connection_returned(answer, engine, call)
    expect_connection_kept(engine, call)
    await answer.observer.execute("ALTER TABLE incident DROP CONSTRAINT once")


async def cancelled_at_work(
    answer: Answer, engine: Any, unit_of_work: UnitOfWork, name: str = GET_DB
) -> None:
    """Cancelled in the middle of its block, it stores nothing and passes the cancellation on."""
    at_work, before = asyncio.Event(), await count_incidents(answer)

    async def work() -> None:
        async with unit_of_work() as session:
            await session.execute(INSERT_INCIDENT)
            at_work.set()
            await asyncio.sleep(60)

    call = f"{name} around work that is cancelled"
    task = asyncio.create_task(work())
    await at_work.wait()
    task.cancel()
    await asyncio.wait([task])
    await _nothing_stored(answer, call, before, ask="is CancelledError an Exception?")
    expect_cancelled(call, task)
    await expect_connection_returned(answer, engine, call)


async def closed_at_its_yield(
    answer: Answer, engine: Any, get_db: Callable[[], AsyncIterator[Any]], name: str = GET_DB
) -> None:
    """At its `yield`, a generator that is closed gets a GeneratorExit, which is no Exception."""
    call, before = f"{name}, closed in the middle of its work", await count_incidents(answer)
    generator: Any = get_db()
    session = await anext(generator)
    await session.execute(INSERT_INCIDENT)
    await generator.aclose()
    ask = "in how many ways can a generator go on after `yield`, and which of them commit?"
    await _nothing_stored(answer, call, before, ask=ask)
    await expect_connection_returned(answer, engine, call)


async def two_at_once(answer: Answer, unit_of_work: UnitOfWork) -> None:
    """A second unit begins and ends while the first one works, and does not touch it."""
    before, own, trouble = await count_incidents(answer), False, ""
    try:
        async with unit_of_work() as first:
            await first.execute(INSERT_INCIDENT)
            async with unit_of_work() as second:
                own = first is not second
            await first.execute(INSERT_INCIDENT)
    except exc.InvalidRequestError as error:
        trouble = f", and {type(error).__name__} came out"
    if not own:
        raise NotYet(
            "get_db(), twice at once",
            got="the second work got no session of its own",
            wanted="one each",
            ask="what happens when two requests share one unit of work?",
        )
    stored = await count_incidents(answer) - before
    if trouble or stored != 2:
        raise NotYet(
            "get_db(), twice at once, where the second ends first",
            got=f"{stored} of the first one's 2 rows are stored{trouble}",
            wanted="both",
            ask="whose sessions are closed at the end of a unit of work?",
        )
