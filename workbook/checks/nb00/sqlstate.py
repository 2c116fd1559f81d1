"""Check of 00.sqlstate: the code of whatever the server refuses, None where it does not."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from workbook.checks import outliving
from workbook.checks.answer import Answer, expect, show
from workbook.checks.messages import message
from workbook.checks.nb00.awaited_calls import expect_error, expect_nothing_open, result_of
from workbook.checks.nb00.blocked_queries import expect_cancellable
from workbook.checks.nb00.titles import RETURNS_LAST
from workbook.checks.nb00.unusable_urls import NOBODY_LISTENS, of_unknown_user
from workbook.checks.verdict import NotYet

SqlState = Callable[[str, str], Awaitable[Any]]

_CODES = {
    "SELECT * FROM no_such_table": "42P01",
    "SELECT 1 / 0": "22012",
    "INSERT INTO team (name) VALUES ('payments')": "23505",
    "SELECT count(*) FROM incident": None,
    "SELECT 1 / (3 - n) FROM generate_series(1, 3) AS n": "22012",
    "DO $$BEGIN RAISE 'own' USING ERRCODE = 'NW001'; END$$": "NW001",
    "VACUUM team": None,
}


async def check(answer: Answer) -> None:
    """The code of whatever the server refuses, None where it does not; nothing left open."""
    sqlstate = answer.get()
    await answer.observer.execute("CREATE SEQUENCE runs; GRANT ALL ON SEQUENCE runs TO PUBLIC")
    for sql, wanted in _CODES.items():
        call = f"sqlstate(url, {sql!r})"
        got = await _code(answer, call, sqlstate(answer.url, sql), wanted)
        expect(call, got, wanted, _question(answer, got, wanted))
        ask = "which block runs whether or not there was an error?"
        await expect_nothing_open(answer, call, ask)
    await _runs_once(answer, sqlstate)
    await _connection_ends(answer, sqlstate)
    call = "sqlstate(url, 'SELECT * FROM incident')"
    await expect_cancellable(answer, call, sqlstate(answer.url, "SELECT * FROM incident"))
    await _own_bugs_come_out(answer, sqlstate)
    await _login_fails(answer, sqlstate)


async def _code(answer: Answer, call: str, returned: Any, wanted: str | None) -> Any:
    """What the call returned; NotYet where PostgreSQL's error came out in the place of its code."""
    try:
        return await result_of(call, returned)
    except asyncpg.PostgresError as error:
        raise NotYet(
            call,
            got=f"it raised {message(error)}",
            wanted=repr(wanted) if wanted else "None: the statement can be run",
            ask=_question_of_error(answer) if wanted else "",
        ) from None


def _question_of_error(answer: Answer) -> str:
    """The question that leads from an error that came out to its code."""
    if answer.raises_in_except():
        return "what does `raise` do with the error that your `except` has caught?"
    return "which class do all errors have in common that PostgreSQL sends?"


def _question(answer: Answer, got: object, wanted: object) -> str:
    """The question that leads from this code to the wanted one."""
    if wanted is None and isinstance(got, str) and got.startswith("25"):
        return "is the statement run as it is, or inside of something?"
    if wanted is None:
        return "what does the caller get when nothing went wrong?"
    if got is None and answer.returns_in_finally():
        return RETURNS_LAST
    if got is None:
        return "is the statement run to its end, and what is returned when that fails?"
    if isinstance(got, BaseException):
        return "which attribute of the error holds five characters and no prose?"
    if isinstance(got, str) and got and str(wanted).startswith(got):
        return "how many characters has the code, and how many of them come back?"
    if isinstance(got, str) and len(got) != 5:
        return "which attribute of the error holds five characters and no prose?"
    return "is the statement run as it is, and does the code come from the error itself?"


async def _runs_once(answer: Answer, sqlstate: SqlState) -> None:
    insert = "INSERT INTO team (name) SELECT 'night ' || nextval('runs')"
    await sqlstate(answer.url, insert)
    await sqlstate(answer.url, "SELECT nextval('runs') / 0")
    count = await answer.observer.fetchval("SELECT count(*) FROM team WHERE name LIKE 'night %'")
    last = await answer.observer.fetchval("SELECT last_value FROM runs")
    if (count, last) != (1, 2):
        raise NotYet(
            "sqlstate(url, 'INSERT …'), then one that fails",
            got=f"rows: {count}, runs: {last}",
            wanted="one row, and each statement run once",
            ask="how often is the statement sent?",
        )
    await sqlstate(answer.url, insert)
    if await answer.observer.fetchval("SELECT last_value FROM runs") == last:
        call = "sqlstate(url, 'INSERT …'), with a statement that it was given before"
        raise NotYet(call, got="it was not sent", wanted="one row more", ask=outliving.KEPT)


async def _own_bugs_come_out(answer: Answer, sqlstate: SqlState) -> None:
    """An error without a code, such as a wrong address, is not swallowed."""
    ask = "which errors did PostgreSQL send, and which happen before it is reached?"
    await expect_error(
        f"sqlstate('{NOBODY_LISTENS}', 'SELECT 1')",
        sqlstate(NOBODY_LISTENS, "SELECT 1"),
        OSError,
        wanted="a ConnectionRefusedError",
        ask=ask,
    )
    call = "sqlstate(url, sql), with a text that cannot be sent: half of a character is in it"
    running = sqlstate(answer.url, "SELECT '\ud800'")
    wanted = "the UnicodeEncodeError of Python, from before PostgreSQL is reached"
    await expect_error(call, running, UnicodeEncodeError, wanted=wanted, ask=ask)
    ask = "which block runs whether or not there was an error?"
    await expect_nothing_open(answer, call, ask)


async def _login_fails(answer: Answer, sqlstate: SqlState) -> None:
    """A failed login has a code too: that comes back, or the error comes out."""
    try:
        got = await sqlstate(of_unknown_user(answer.url), "SELECT 1")
    except asyncpg.InvalidAuthorizationSpecificationError:
        return
    if not isinstance(got, str) or not got.startswith("28"):
        raise NotYet(
            "sqlstate(url, 'SELECT 1'), as a user whom the server does not believe",
            got=f"it returned {show(got)}",
            wanted="the error of the login, or its code",
            ask="what does None tell the caller about a statement?",
        )


async def _connection_ends(answer: Answer, sqlstate: SqlState) -> None:
    """What cleans up meets a connection that has ended, and does not hide the code.

    The driver's own InterfaceError means that a connection was used which is closed.
    """
    sql = "SELECT pg_terminate_backend(pg_backend_pid())"
    try:
        got = await sqlstate(answer.url, sql)
    except OSError:  # the network was quicker than the server's message
        return
    except asyncpg.InterfaceError as error:
        got = error
    failed = isinstance(got, Exception)
    if not isinstance(got, str) or got[:2] not in ("08", "57"):
        raise NotYet(
            f"sqlstate(url, {sql!r})",
            got=f"it raised {message(got)}" if failed else f"it returned {show(got)}",
            wanted="'08003', the code of a connection that is gone",
            ask="what is sent after the error, and who is still there to hear it?",
        )
