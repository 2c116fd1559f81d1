"""10.leak: whose transactions nobody works on, the longest first."""

import asyncio
import contextlib
import inspect
import re
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import Result, Row, ScalarResult, event
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from workbook.checks.answer import Answer, expect
from workbook.checks.connections import own_engine
from workbook.checks.verdict import NotYet

LATE = "SELECT 'late' FROM pg_sleep(0.5)"
"""Asked early, and silent since a moment only."""
OWN = "a connection to the check's own database"
EARLIER = "a connection whose transaction began before 'first' fell silent"
STANDS_STILL = re.compile(
    r"\b(?:now\(\)|current_timestamp|localtimestamp|transaction_timestamp\(\))", re.IGNORECASE
)
"""The start of the transaction, by other names."""
SILENT = "SELECT clock_timestamp() - state_change FROM pg_stat_activity WHERE pid = $1"
ASKS = {
    "SELECT 'other'": "whose database is it?",
    "SELECT 'idle'": "what does a session hold that has no transaction?",
    "pg_sleep(30)": "who is working, and who is idle?",
    "SELECT 'late'": "since when, and how long is long enough?",
    "SELECT 'first'": "since when, and how long is long enough?",
}


async def check(answer: Answer) -> None:
    """Sessions of this database, idle in a transaction for long enough, the longest first."""
    function = answer.get()
    async with own_engine(answer) as made, contextlib.AsyncExitStack() as stack:
        first, late = await _one_of_each_kind(answer, stack)
        event.listen(made.sync_engine, "before_cursor_execute", _by_one_clock)
        connection = await stack.enter_async_context(made.connect())
        await _leaves_out_the_late(answer, function, connection, late)
        if await answer.observer.fetchval(SILENT, first.get_server_pid()) is None:
            raise _ended(0.3)
        await _finds(function, connection, 0.0, ["SELECT 'first'", "SELECT 1/0", LATE])
        await _finds(function, connection, 3600.0, [])
        await first.execute("COMMIT")
        await _leave_open(first, "SELECT 'first'")  # now the youngest, whatever the view's order
        wanted = ["SELECT 1/0", LATE, "SELECT 'first'"]
        await _finds(function, connection, 0.0, wanted)
        await connection.exec_driver_sql("SELECT 1")  # its transaction begins before the silence
        await first.execute("COMMIT")
        await _leave_open(first, "SELECT 'first'")
        with contextlib.suppress(InvalidRequestError):  # of who begins one in the answer
            await _finds(function, connection, 0.0, wanted, EARLIER)


def _by_one_clock(*sent: Any) -> None:
    """NotYet where a moment comes from Python: that machine's clock may be another one."""
    if moments := [each for each in sent[3] or () if isinstance(each, datetime)]:
        raise NotYet.looked_at(
            "the values that go with the query",
            got=f"the moment {moments[0]:%H:%M:%S}, by the clock of Python's machine",
            wanted="two moments of the server's clock",
            ask="which function of PostgreSQL gives its own moment?",
        )


async def _leaves_out_the_late(
    answer: Answer, function: Any, connection: Any, late: "asyncpg.Connection"
) -> None:
    """Who has been silent for a moment is left out; again, where a busy machine made it longer."""
    for tries in range(1, 6):
        patience = round(0.3 * tries, 1)  # the others have been silent for 0.5 more each time
        try:
            await _finds(function, connection, patience, ["SELECT 'first'", "SELECT 1/0"])
            break
        except NotYet:
            silent = await answer.observer.fetchval(SILENT, late.get_server_pid())
            if silent is None:
                raise _ended(patience) from None
            if silent < timedelta(seconds=patience) or tries == 5:
                raise
        await late.execute("COMMIT")
        await _leave_open(late, LATE)


async def _finds(
    function: Any, connection: Any, patience: float, wanted: list[str], also: str = ""
) -> None:
    """After so many seconds of patience, these last statements and no others, in this order."""
    try:
        got = await function(connection, timedelta(seconds=patience))
    except DBAPIError as error:
        _ends_nobody(error, patience)
        _has_quotes(error, _text(function))
        raise
    await connection.rollback()  # within a transaction, Postgres shows the same moment again
    found = [_stripped(each) for each in got] if isinstance(got, list | tuple) else got
    expect(
        f"forgotten(connection, {patience} seconds), on {also or OWN}",
        found,
        wanted,
        _about_now(function, also) or _question(found, wanted, function),
    )


def _about_now(function: Any, also: str) -> str:
    """The question about a moment that stands still while a transaction lasts; else empty."""
    asked = STANDS_STILL.search(_text(function)) if also == EARLIER else None
    if asked is None:
        return ""
    return f"which moment is `{asked[0].lower()}` in a transaction: its beginning, or the present?"


def _stripped(each: Any) -> Any:
    """A statement without the blanks around it; what is no text as it is."""
    return (each.strip() or each) if isinstance(each, str) else each


def _ends_nobody(error: DBAPIError, patience: float) -> None:
    """NotYet where it has tried to end sessions."""
    if "terminat" in str(error.orig):
        raise _ended(patience) from None


def _has_quotes(error: DBAPIError, text: str) -> None:
    """NotYet where a state stands in the query like a name of SQL's."""
    if bare := re.search(r"(?:=|\bLIKE|\bIN\s*\()\s*(idle[\w %]*?)\s*(?:AND|OR|$|[,)\"])", text):
        raise NotYet.looked_at(
            "the state in your query",
            got=f"{bare[1]}, without quotes; {str(error.orig).rpartition(': ')[2]}",
            wanted="a text of SQL",
            ask="by what does PostgreSQL tell a text from the names of columns?",
        ) from None


def _ended(patience: float) -> NotYet:
    return NotYet(
        f"forgotten(connection, {patience} seconds)",
        got="it asked the server to end sessions",
        wanted="the last statements, and every session as it was",
        ask="does the task ask who they are, or that they end?",
    )


def _about_patience(found: list[Any], wanted: list[str], text: str) -> str:
    """The question where the patience is compared with another time, the wrong way, or in part."""
    if column := re.search(r"\b(?:query|xact|backend)_start\b", text):
        return f"which moment is `{column[0]}`, and which column says when the state began?"
    if found and wanted and not any(each in wanted for each in map(str, found)):
        return "which sessions does your comparison keep: those silent for longer, or for less?"
    if re.search(r"\bpatience\.seconds\b", text):
        return "which of a `timedelta`'s parts are in `.seconds`, and which method gives all of it?"
    return ""


def _text(function: Any) -> str:
    """The text of a function, also of one inside of a partial; empty where there is none."""
    with contextlib.suppress(TypeError, OSError):
        return inspect.getsource(getattr(function, "func", function))
    return ""


def _question(found: Any, wanted: list[str], function: Any) -> str:
    """The question that belongs to what is too much, or missing."""
    if ask := _about_its_kind(found):
        return ask
    if not found and wanted:
        return _about_nothing(_text(function))
    if sorted(map(str, found)) == sorted(wanted):
        return "who has been silent for the longest time?"
    text = _text(function)
    if ask := _about_patience(found, wanted, text):
        return ask
    if len(found) > len(wanted) and re.search(r"\bOR\b", text):
        return "which sessions does OR let through that AND would not?"
    if found and found == wanted[: len(found)] and re.search(r"\blimit\b", text, re.IGNORECASE):
        return "how many sessions does your query name at most?"
    if len(found) == 1 < len(wanted) and re.search(r"\.(?:scalar|first|fetchone)\(", text):
        return "how many rows does that call read: one, or all?"
    for sql, ask in ASKS.items():
        if sql not in wanted and any(sql in each for each in found):
            return ask
    if "SELECT 1/0" in wanted and "SELECT 1/0" not in found:
        return "in which two states is a transaction that nobody works on?"
    return "who has been silent for the longest time?"


def _about_its_kind(found: Any) -> str:
    """The question about what is no list of statements; empty where it is one."""
    if found is None:
        return "what does forgotten return?"
    if isinstance(found, Result | ScalarResult):
        return "which method of a result gives a list of what is in it?"
    if not isinstance(found, list | tuple):
        return "does your call give the value of each row, or of the first one only?"
    texts = all(isinstance(each, str) for each in found)
    if len(found) > 1 and all(isinstance(e, str | Row) and len(e) == 1 for e in found):
        return (
            "does your call give the rows or the first value, and what does `list` make of a text?"
        )
    return "" if texts else "which column stands first in your query, and which one is wanted?"


def _about_nothing(text: str) -> str:
    """The question for a query that finds nobody; empty where the text does not show why."""
    if re.search(r"=\s*'[^']*%'", text):
        return "which comparison takes `%` for any text: `=`, or another one?"
    if re.search(r"state_change\s*-\s*(?:clock_timestamp|now)\(", text):
        return "which of the two moments is the later one, and what is their difference then?"
    if "datname" in text and "current_database" not in text:
        return "which database does your query name, and to which one is it sent?"
    if len(re.findall(r"\bpatience\b", text)) == 1:
        return "which line reads `patience`, that the caller has chosen?"
    return ""


async def _one_of_each_kind(
    answer: Answer, stack: contextlib.AsyncExitStack
) -> "tuple[asyncpg.Connection, asyncpg.Connection]":
    """One of each kind: idle, working, and four that forgot; the first and the last come back."""
    idle, broken, first, late, busy = [await _connect(answer.url, stack) for _ in range(5)]
    other = await _connect(answer.url.rpartition("/")[0] + "/postgres", stack)
    await idle.execute("SELECT 'idle'")
    await _leave_open(other, "SELECT 'other'")
    await _leave_open(first, "SELECT 'first'")
    await broken.execute("BEGIN")
    with contextlib.suppress(asyncpg.DivisionByZeroError):
        await broken.execute("SELECT 1/0")
    await busy.execute("BEGIN")
    working = asyncio.create_task(busy.execute("SELECT pg_sleep(30)"))
    stack.callback(working.cancel)
    await _leave_open(late, LATE)
    return first, late


async def _leave_open(session: "asyncpg.Connection", sql: str) -> None:
    """A transaction that nobody ends."""
    await session.execute("BEGIN")
    await session.execute(sql)


async def _connect(url: str, stack: contextlib.AsyncExitStack) -> "asyncpg.Connection":
    connection = await asyncpg.connect(url, timeout=5)
    stack.callback(connection.terminate)
    return connection
