"""06.transact: a unit of work that is committed when it returns, or has left nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks import busy
from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.connections import app_engine
from workbook.checks.nb01.tasks import expect_no_task_left
from workbook.checks.nb06.complaints import WHO_COMMITS, nothing_lent
from workbook.checks.nb06.stored_users import UNIQUE_AT_COMMIT, rows_of, store
from workbook.checks.verdict import NotYet

CALL = "transact(work)"
Work = Callable[[AsyncSession], Awaitable[Any]]


async def check(answer: Answer) -> None:
    """Committed when it returns; nothing left after any failure; every session given back."""
    function = answer.get()
    await answer.observer.execute(UNIQUE_AT_COMMIT)
    async with app_engine() as engine:
        await _commits(answer, function)
        await _sends_what_was_added(answer, function)
        raises = "transact(work), where work raises"
        await _undoes(answer, function, _work_that_raises, ZeroDivisionError, raises)
        fails = "transact(work), where COMMIT fails"
        await _undoes(answer, function, _work_that_stores_again, exc.IntegrityError, fails)
        await _undoes_when_cancelled(answer, function)
        await _result_is_readable(function)
        await _two_sessions(function)
        nothing_lent(answer, engine, "transact(work), several times")


async def _commits(answer: Answer, function: Any) -> None:
    """The result of work comes back, and its rows are there by then."""
    before, runs = asyncio.all_tasks(), list[AsyncSession]()

    async def counted(session: AsyncSession) -> int:
        runs.append(session)
        expect_state(f"{CALL}: how often work ran", len(runs), 1, "which line of yours calls work?")
        return await store(session, "one@x")

    counted.__qualname__ = "work"
    try:
        result = await function(counted)
    except NameError as error:
        if error.name != "get_db":
            raise
        raise NotYet(
            CALL,
            got="it raised NameError: name 'get_db' is not defined",
            wanted="the result of work",
            ask="what does `--without get_db` do to the file, and what else makes sessions?",
        ) from None
    except exc.IllegalStateChangeError:
        raise NotYet(
            CALL,
            got="it closed the session while another call on it had not finished",
            wanted="the result of work",
            ask="which call was begun, and not awaited before the session was closed?",
        ) from None
    if type(result) is not int:
        got, ask = f"it returned {show(result)}", "what does work return?"
        if result is None:
            ask = answer.ask_of_none()
        raise NotYet(CALL, got=got, wanted="the id that work returned", ask=ask)
    expect_no_task_left(asyncio.all_tasks() - before, CALL)
    rows = await rows_of(answer, "one@x")
    expect_state(f"{CALL}: the rows when it has returned", rows, 1, WHO_COMMITS)


async def _work_that_adds(session: AsyncSession) -> None:
    from app.models import User

    session.add(User(name="Zoë", email="added@x", login="added", team_id=1))


async def _sends_what_was_added(answer: Answer, function: Any) -> None:
    """Work may leave its INSERT to the commit of the session."""
    await function(_work_that_adds)
    rows = await rows_of(answer, "added@x")
    called = "transact(work), where work adds a user and does not flush: the rows"
    expect_state(called, rows, 1, "whose commit sends what was added: the session's?")
    await answer.observer.execute("DELETE FROM user_account WHERE email = 'added@x'")


async def _work_that_raises(session: AsyncSession) -> None:
    await store(session, "crash@x")
    raise ZeroDivisionError


async def _work_that_stores_again(session: AsyncSession) -> None:
    await store(session, "one@x")


async def _undoes(answer: Answer, function: Any, work: Work, kind: Any, what: str) -> None:
    runs: list[AsyncSession] = []

    async def counted(session: AsyncSession) -> None:
        runs.append(session)
        await work(session)

    wanted = f"{kind.__name__}, for the caller"
    got, ask = wanted, "what does the caller know then?"
    try:
        got = f"it returned {show(await function(counted))}"
    except kind:
        pass
    except Exception as error:
        got = f"it raised {type(error).__name__}: {error}".splitlines()[0]
        ask = "which line of yours comes between that error and the caller?"
    if got != wanted:
        raise NotYet(what, got=got, wanted=wanted, ask=ask)
    ask = "which errors go away when the same work is done again?"
    expect_state(f"{what}: how often work ran", len(runs), 1, ask)
    count = await answer.observer.fetchval(
        "SELECT count(*) FROM user_account WHERE email LIKE '%@x'"
    )
    called = f"{what}: the rows of this and of the unit before"
    expect_state(called, count, 1, "what ends the transaction when work has failed?")
    await _transaction_ends(answer, what)


async def _transaction_ends(answer: Answer, what: str) -> None:
    """NotYet where a transaction is still open after half a second."""

    async def none_is_open() -> bool:
        return not await answer.sessions("idle in transaction")

    if not await busy.eventually(none_is_open, timeout=0.5, interval=0.01):
        raise NotYet.looked_at(
            f"{what}: its transaction",
            got="it is still open",
            wanted="a transaction that has ended",
            ask="what gives the session back, whatever happens?",
        )


async def _undoes_when_cancelled(answer: Answer, function: Any) -> None:
    begun = asyncio.Event()

    async def work(session: AsyncSession) -> None:
        await store(session, "gone@x")
        begun.set()
        await asyncio.sleep(5)

    task = asyncio.create_task(function(work))
    await asyncio.wait([task, asyncio.create_task(begun.wait())], return_when="FIRST_COMPLETED")
    task.cancel()
    await asyncio.wait([task], timeout=2)
    await _transaction_ends(answer, f"{CALL}, cancelled")
    rows = await rows_of(answer, "gone@x")
    expect_state(f"{CALL}, cancelled: the rows", rows, 0, "is cancellation an Exception?")


async def _result_is_readable(function: Any) -> None:
    from app.models import User

    user = await function(lambda session: session.get(User, 1))
    try:
        name = user.name
    except exc.SQLAlchemyError as error:
        name = type(error).__name__
    called = "transact(lambda session: session.get(User, 1)), then user.name"
    expect_state(called, name, "Ada", "what did the commit expire?")


async def _two_sessions(function: Any) -> None:
    """Two units at once have two sessions."""
    used: list[AsyncSession] = []

    async def work(session: AsyncSession) -> None:
        used.append(session)
        await session.execute(text("SELECT 1"))
        await asyncio.sleep(0.05)
        await session.execute(text("SELECT 1"))

    ended = await asyncio.gather(function(work), function(work), return_exceptions=True)
    errors = [each for each in ended if isinstance(each, BaseException)]
    called = "transact(work), twice at once: the sessions"
    got = str(len({*map(id, used)}))
    raised = f", and {type(errors[0]).__name__} was raised" if errors and got == "1" else ""
    expect_state(called, f"{got}{raised}", "2", "who shares a session?")
    if errors:
        raise errors[0]
