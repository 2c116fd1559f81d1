"""Check of 04.patient: a change of a table that asks again, and holds nobody up meanwhile."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.base.causes import raised_from
from workbook.checks import busy
from workbook.checks.answer import Answer, expect, expect_state, show
from workbook.checks.connections import own_connection, own_engine
from workbook.checks.messages import message
from workbook.checks.nb04.limits_of_work import work_has_no_limit
from workbook.checks.nb04.user_columns import NO_COLUMN, user_column
from workbook.checks.statements import refusals, statements
from workbook.checks.verdict import NotYet

Change = Callable[[AsyncEngine, str, int], Awaitable[Any]]

_ADD = "ALTER TABLE user_account ADD note text"
_DROP = "ALTER TABLE user_account DROP note"
_NO_COLUMN = "ALTER TABLE user_account DROP nothing"
_OTHER_CODE = (
    "DO $$BEGIN RAISE 'canceling statement due to lock timeout' USING ERRCODE = '55000'; END$$"
)
_BY_CODE = "what tells that refusal from 55P03: its text, the class of its code, or the whole code?"
_REPORT = "SELECT count(*) FROM user_account"
_ENDLESS = 20
"""So many tries where three were asked for have no end."""
_PATIENCE = 4.0
"""Seconds within which two tries of 200 milliseconds are over."""


async def check(answer: Answer) -> None:
    """At once where nobody is there, again where a report ends, an error where it does not."""
    change_table = answer.get()
    async with own_engine(answer) as engine:
        call = f"change_table(engine, {_ADD!r}, 3), with nobody else there"
        expect(call, await change_table(engine, _ADD, 3), 1, "how many tries did it take?")
        await _is_stored(answer, call)
        await _limit_is_local(engine, call)
        await _other_errors(change_table, engine)
        await _report_stays(answer, change_table, engine)
        await _patience_of_each_try(answer, change_table, engine)
        await _report_ends(answer, change_table, engine)
        await work_has_no_limit(change_table, engine)


async def _is_stored(answer: Answer, call: str) -> None:
    column = await user_column(answer, "note")
    expect_state(f"the column 'note', after {call}", column, "may be NULL", "who commits?")


async def _limit_is_local(engine: AsyncEngine, call: str) -> None:
    async with engine.connect() as connection:
        limit = (await connection.exec_driver_sql("SHOW lock_timeout")).scalar()
    ask = "for how long does a setting hold, and who gets that connection next?"
    expect_state(f"lock_timeout of the engine's connection, after {call}", limit, "0", ask)


_TELLS_ITS_LIMIT = """
DO $$BEGIN
    PERFORM setval('patience', last_value + setting::int)
    FROM patience, pg_settings WHERE name = 'lock_timeout';
    RAISE 'not yet' USING ERRCODE = 'lock_not_available';
END$$
"""
"""A change that never gets its lock, and that leaves behind how long it would have waited."""


async def _patience_of_each_try(answer: Answer, change_table: Change, engine: AsyncEngine) -> None:
    """Three tries have 200 milliseconds each; what a sequence was given stays, also in vain."""
    create = "CREATE SEQUENCE patience MINVALUE 0 START 0; GRANT ALL ON SEQUENCE patience TO PUBLIC"
    await answer.observer.execute(create)
    with contextlib.suppress(DBAPIError), refusals() as refused:
        await change_table(engine, _TELLS_ITS_LIMIT, 3)
    waited = await answer.observer.fetchval("SELECT last_value FROM patience")
    if waited and len(refused) == 3 and waited != 600:
        raise NotYet(
            "change_table(engine, statement, 3), with a lock that is never free",
            got=f"together the three tries may wait for {waited} milliseconds",
            wanted="200 for each, 600 together",
            ask="in which unit is the limit, and is it the same for each try?",
        )


async def _other_errors(change_table: Change, engine: AsyncEngine) -> None:
    """What no waiting can mend is told at once, also where its text or its class is like that."""
    for sql, kind, ask in (
        (_NO_COLUMN, asyncpg.UndefinedColumnError, "which refusal may be another one next time?"),
        (_OTHER_CODE, asyncpg.ObjectNotInPrerequisiteStateError, _BY_CODE),
    ):
        await _told_at_once(change_table, engine, sql, kind, ask)


async def _told_at_once(
    change_table: Change, engine: AsyncEngine, sql: str, kind: type[BaseException], ask: str
) -> None:
    call = f"change_table(engine, {sql!r}, 3)"
    with refusals() as refused:
        task = asyncio.ensure_future(change_table(engine, sql, 3))
        await busy.eventually(lambda: _are(_ENDLESS, refused, task), _PATIENCE)
        if not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=1)
            got = f"it was sent {len(refused)} times, and would have been again"
            raise NotYet(call, got=got, wanted="one try, and its error", ask=ask)
    try:
        got = f"it returned {show(task.result())}"
    except DBAPIError as error:
        got = "" if _is(error, kind) else f"it raised {message(error)}"
    if got:
        ask = "what does the caller believe when PostgreSQL's error is dropped?"
        raise NotYet(call, got=got, wanted="PostgreSQL's own error", ask=ask)
    if len(refused) > 1:
        got = f"it was sent {len(refused)} times"
        raise NotYet(call, got=got, wanted="one try, and its error", ask=ask)


def _is(error: BaseException, kind: type[BaseException]) -> bool:
    return any(isinstance(each, kind) for each in raised_from(error))


async def _report_stays(answer: Answer, change_table: Change, engine: AsyncEngine) -> None:
    """Two tries, each given up in time, and then the error."""
    call = f"change_table(engine, {_DROP!r}, 2), while a report stays open"
    async with own_connection(answer) as report:
        with refusals() as refused, statements(engine) as sent:
            await report.execute(f"BEGIN; {_REPORT}")
            got, error = await _outcome(answer, call, change_table(engine, _DROP, 2), sent)
    if isinstance(error, _BUGS):
        raise error
    if error is None or not _is(error, asyncpg.LockNotAvailableError):
        said = f"it raised {message(error)}" if error else f"it returned {show(got)}"
        ask = _of_another_end(error, refused)
        raise NotYet(call, got=said, wanted="the error of the last try, SQLSTATE 55P03", ask=ask)
    if len(refused) == 1:
        said, ask = f"one try was refused, by {refused[0]}; no other was made", _NOT_AGAIN
        raise NotYet(call, got=said, wanted="two tries", ask=ask)
    if len(refused) != 2:
        ask = "how many tries is that, with `tries` = 2?"
        raise NotYet(call, got=f"{len(refused)} tries were refused", wanted="two", ask=ask)
    column = await user_column(answer, "note")
    expect_state(f"the column 'note', after {call}", column, "may be NULL", "what was refused?")


_NOT_AGAIN = "which error meets your `except`, and is the number of tries reached, or another test?"


def _of_another_end(error: BaseException | None, refused: list[str]) -> str:
    """The question for who ends in another way than by PostgreSQL's last refusal."""
    if error and not isinstance(error, DBAPIError) and len(refused) >= 2:
        return "whose error does the caller get: that of the last try, or one of your own?"
    asks = (ask for kind, ask in _OTHER_ENDS.items() if error and _is(error, kind))
    return next(asks, "what does the caller learn when the last try was in vain?")


_BUGS = (AttributeError, NameError, TypeError)
"""Errors between two tries that are the code's own, such as a pause without its import."""
_OTHER_ENDS: dict[type[BaseException], str] = {
    asyncpg.InFailedSQLTransactionError: "what is left of a transaction in which a statement was"
    " refused?",
    asyncpg.QueryCanceledError: "which limit of PostgreSQL's is about waiting for a lock, and about"
    " nothing else?",
    TimeoutError: "who gives up here, Python or PostgreSQL, and which setting makes it be"
    " PostgreSQL?",
}
"""Errors of a try that was not given up at its lock, each with its question."""
_TEXT = "lock_timeout"
_WAITS_LONG = """
SELECT EXISTS (
    SELECT FROM pg_stat_activity WHERE datname = current_database()
    AND wait_event_type = 'Lock' AND clock_timestamp() - query_start > interval '2 seconds'
)
"""


async def _outcome(
    answer: Answer, call: str, running: Awaitable[Any], sent: list[str]
) -> tuple[Any, BaseException | None]:
    """What the call gives or raises; NotYet where it still waits after some seconds."""
    task = asyncio.ensure_future(running)
    done, _ = await asyncio.wait([task], timeout=_PATIENCE)
    if not done:
        long = await answer.observer.fetchval(_WAITS_LONG)
        task.cancel()
        await asyncio.wait([task], timeout=1)
        got, wanted = f"it still waited after {_PATIENCE:.0f} seconds", "tries of 200 milliseconds"
        ask = "how long does a statement wait for a lock, and who waits behind it?"
        if not any(_TEXT in each for each in sent) and _TEXT in answer.source():
            ask = "what has been sent when the statement begins to wait: is the limit set by then?"
        elif limit := next((each for each in sent if _TEXT in each), ""):
            got += f", though it sent {limit!r}"
            ask = "in which unit is that, and for which transaction does it hold?"
        found = NotYet(call, got=got, wanted=wanted, ask=ask)
        raise found if long else busy.by_the_clock(found)
    return (None, task.exception()) if task.exception() else (task.result(), None)


async def _report_ends(answer: Answer, change_table: Change, engine: AsyncEngine) -> None:
    """It has its turn after the report has ended; others got theirs between two tries."""
    call = f"change_table(engine, {_DROP!r}, 50), while a report ends after two tries"
    async with own_connection(answer) as report:
        with refusals() as refused, statements(engine) as sent:
            await report.execute(f"BEGIN; {_REPORT}")
            task = asyncio.ensure_future(change_table(engine, _DROP, 50))
            await busy.eventually(lambda: _are(2, refused, task), _PATIENCE, interval=0.01)
            await report.execute("ROLLBACK")
            got, error = await _outcome(answer, call, task, sent)
    if error:
        raise error
    expect(call, got, len(refused) + 1, "how many tries did it take, the last one included?")
    column = await user_column(answer, "note")
    ask = "which try made the change, and was it committed?"
    expect_state(f"the column 'note', after {call}", column, NO_COLUMN, ask)


async def _are(many: int, refused: list[str], task: "asyncio.Future[Any]") -> bool:
    return len(refused) >= many or task.done()
