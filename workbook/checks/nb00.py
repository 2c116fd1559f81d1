"""Checks of notebook 00: connections, concurrency, error codes."""

import asyncio
import inspect
from collections.abc import Awaitable
from typing import Any

import asyncpg

from workbook.checks.answer import Answer, expect, show
from workbook.checks.registry import checks
from workbook.checks.verdict import NotYet


async def _called(call: str, result: Any) -> Any:
    """What a call gives once awaited; NotYet when there is nothing to await."""
    if not inspect.isawaitable(result):
        raise NotYet(
            call,
            f"it returned {show(result)}, which cannot be awaited",
            "an async function",
            "is it still `async def`?",
        )
    awaitable: Awaitable[Any] = result
    value = await awaitable
    if inspect.iscoroutine(value):
        value.close()
        raise NotYet(
            call,
            "it returned a coroutine: a question that was never asked",
            "its answer",
            "which call has no `await` before it?",
        )
    return value


async def _nothing_open(answer: Answer, call: str, ask: str) -> None:
    if left := await answer.left_open():
        raise NotYet(
            call, f"it left {left} connection{'s' if left > 1 else ''} open", "none left open", ask
        )


async def _cancelled(answer: Answer, call: str, running: Any) -> None:
    """Cancel the call while it waits for a lock, and see that its connection is closed."""
    call = f"{call}, cancelled while it waits"
    locker = await asyncpg.connect(answer.observer_url)
    try:
        await locker.execute("BEGIN; LOCK TABLE incident")
        task = asyncio.ensure_future(running)
        await _until(answer, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted")
        task.cancel()
        await asyncio.wait([task], timeout=2)
        if not task.done() or not task.cancelled():
            raise NotYet(
                call,
                "the cancellation did not come out",
                "CancelledError, so that whoever cancelled knows",
                "which errors did PostgreSQL send, and which are none of yours?",
            )
    finally:
        await locker.close()
    ask = "what runs on success, on error and on cancellation alike?"
    await _nothing_open(answer, call, ask)


async def _until(answer: Answer, question: str) -> None:
    for _ in range(200):
        if await answer.observer.fetchval(question):
            return
        await asyncio.sleep(0.01)


_MORE = """
INSERT INTO team (name) VALUES ('night');
INSERT INTO incident (team_id, title, severity, status, opened_at)
SELECT 3, 'Alarm, number ' || n / 2, 'unknown', (ARRAY['open', 'reopened', 'snoozed'])[n % 3 + 1],
       timestamptz '2025-12-30 23:00+00' + n * interval '5 hours' FROM generate_series(1, 400) AS n
"""
"""Another night: more rows, equal titles, commas, other statuses, a new team, another year."""


@checks("00.fetch")
async def fetch(answer: Answer) -> None:
    """Titles as strings, open ones only, newest first; no connection left, whatever happens."""
    call = "open_incidents(url)"
    open_incidents = answer.get()
    await _titles(answer, call, open_incidents)
    await _nothing_open(answer, call, "who closes the connection, and when?")
    await answer.observer.execute(_MORE)
    await _titles(answer, f"{call}, another night", open_incidents)
    await answer.observer.execute("DELETE FROM incident")
    call = f"{call}, when nothing is open"
    await _titles(answer, call, open_incidents)
    await _nothing_open(answer, call, "which path leaves without closing?")
    await _query_fails(answer, open_incidents)
    await _cancelled(answer, "open_incidents(url)", open_incidents(answer.url))


async def _titles(answer: Answer, call: str, open_incidents: Any) -> None:
    got = await _called(call, open_incidents(answer.url))
    if got is None:
        raise NotYet(
            call,
            "it returned None",
            "a list of titles",
            "what does a function give that ends without `return`?",
        )
    if not isinstance(got, list) or not all(isinstance(each, str) for each in got):
        raise NotYet(
            call,
            f"it returned {show(got)}",
            "a list of titles, each a string",
            "is it a list, and how do you take one column out of a record?",
        )
    rows = await answer.observer.fetch(
        "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
    )
    wanted = [row["title"] for row in rows]
    expect(call, sorted(got), sorted(wanted), "which incidents does the night shift ask for?")
    expect(call, got, wanted, "which column says when, and which direction is newest first?")


async def _query_fails(answer: Answer, open_incidents: Any) -> None:
    call = "open_incidents(url), while the table is missing"
    wanted = "PostgreSQL's own error, so that the caller knows"
    ask = "who decides what a failed query means: this function or its caller?"
    await answer.observer.execute("ALTER TABLE incident RENAME TO incident_gone")
    try:
        await open_incidents(answer.url)
    except asyncpg.UndefinedTableError:
        await _nothing_open(answer, call, "what runs on success and on error alike?")
    except Exception as error:
        raise NotYet(call, f"it raised {type(error).__name__}", wanted, ask) from None
    else:
        raise NotYet(call, "no error came out", wanted, ask)
    await answer.observer.execute("ALTER TABLE incident_gone RENAME TO incident")


_COMPANY = """
INSERT INTO incident (team_id, title, severity, status, opened_at)
SELECT 1, 'no two counts are the same', 'minor', unnest(ARRAY['resolved', 'it''s new']), now();
ALTER TABLE incident RENAME TO incident_rows;
CREATE SEQUENCE asked;
CREATE SEQUENCE met;
CREATE SEQUENCE gave_up;
CREATE FUNCTION company(wanted integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    together integer;
    here integer := nextval('asked');
BEGIN
    PERFORM pg_advisory_xact_lock(4, here);
    PERFORM pg_advisory_xact_lock_shared(3);
    FOR attempt IN 1..200 LOOP
        SELECT count(*) INTO together FROM pg_locks
        WHERE locktype = 'advisory' AND objid = 3 AND objsubid = 1 AND database =
              (SELECT oid FROM pg_database WHERE datname = current_database());
        IF together >= wanted THEN PERFORM nextval('met'); END IF;
        IF (SELECT is_called FROM met) THEN
            PERFORM later_ones_left(here);
            RETURN true;
        END IF;
        EXIT WHEN (SELECT is_called FROM gave_up);
        PERFORM pg_sleep(0.01);
    END LOOP;
    PERFORM nextval('gave_up');
    RETURN true;
END $$;
CREATE FUNCTION later_ones_left(here integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR attempt IN 1..40 LOOP
        EXIT WHEN NOT EXISTS (
            SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND classid = 4 AND objid > here AND database =
                  (SELECT oid FROM pg_database WHERE datname = current_database()));
        PERFORM pg_sleep(0.01);
    END LOOP;
END $$;
CREATE VIEW incident AS SELECT * FROM incident_rows WHERE (SELECT company(5));
GRANT SELECT ON incident, incident_rows TO PUBLIC;
GRANT ALL ON SEQUENCE met, asked, gave_up TO PUBLIC;
"""
"""Every query on `incident` waits until five are inside the server at once; the first that has
waited two seconds in vain ends the waiting for all.

Where they meet, each leaves when all that came later have ended, so that answers come back in the
reverse order of the questions. Who keeps its transaction open is waited for 0.4 s at most.
"""


@checks("00.concurrent")
async def concurrent(answer: Answer) -> None:
    """The same counts, with five queries inside the server at once; nothing left open."""
    statuses = ["open", "acknowledged", "resolved", "it's new", "%o%"]
    call = f"count_by_status(url, {statuses})"
    count_by_status = answer.get()
    await answer.observer.execute(_COMPANY)
    counts = "SELECT status, count(*) FROM incident_rows GROUP BY status"
    found = dict(await answer.observer.fetch(counts))
    got = await _called(call, count_by_status(answer.url, statuses))
    if isinstance(got, dict) and any(not isinstance(each, int) for each in got.values()):
        raise NotYet(
            call,
            f"it returned {show(got)}",
            "a number for each status",
            "is a coroutine, a task or a record the number itself?",
        )
    wanted = {each: found.get(each, 0) for each in statuses}
    expect(call, got, wanted, "which count belongs to which status?")
    if not await answer.observer.fetchval("SELECT is_called FROM asked"):
        raise NotYet(
            call,
            "the right counts, and no query arrived",
            "a query for each status",
            "where do the numbers come from?",
        )
    if not await answer.observer.fetchval("SELECT is_called FROM met"):
        raise NotYet(
            call,
            "the right counts, not all at the same time",
            "all five side by side",
            "does the last query start before the first has answered?",
        )
    await _nothing_open(answer, call, "does each connection get closed by whoever opened it?")
    expect(
        "count_by_status(url, [])",
        await count_by_status(answer.url, []),
        {},
        "what should come back when nothing is asked?",
    )
    await _counts_fail(answer, count_by_status)


async def _counts_fail(answer: Answer, count_by_status: Any) -> None:
    await answer.observer.execute("DROP VIEW incident")
    call = "count_by_status(url, ['open', 'resolved']), while the table is missing"
    ours = asyncio.all_tasks()
    try:
        got = await count_by_status(answer.url, ["open", "resolved"])
    except (asyncpg.UndefinedTableError, ExceptionGroup):
        await _others_end(ours)  # gather raises the first error while the other is still there
        await _nothing_open(answer, call, "what runs on success and on error alike?")
    else:
        raise NotYet(
            call, f"it returned {show(got)}", "the error itself", "is a failed count a number?"
        )


async def _others_end(ours: set[asyncio.Task[Any]]) -> None:
    """Wait for what the answer has begun beside our own tasks, at most three seconds."""
    if others := asyncio.all_tasks() - ours:
        await asyncio.wait(others, timeout=3)


@checks("00.sqlstate")
async def sqlstate(answer: Answer) -> None:
    """The code of whatever the server refuses, None where it does not; nothing left open."""
    function = answer.get()
    await answer.observer.execute("CREATE SEQUENCE runs; GRANT ALL ON SEQUENCE runs TO PUBLIC")
    for sql, wanted in _CASES.items():
        call = f"sqlstate(url, {sql!r})"
        got = await _called(call, function(answer.url, sql))
        expect(call, got, wanted, _ask_about(answer, got, wanted))
        await _nothing_open(answer, call, "which block runs whether or not there was an error?")
    await _runs_once(answer, function)
    await _own_bugs_come_out(function)
    call = "sqlstate(url, 'SELECT * FROM incident')"
    await _cancelled(answer, call, function(answer.url, "SELECT * FROM incident"))


_CASES = {
    "SELECT * FROM no_such_table": "42P01",
    "SELECT 1 / 0": "22012",
    "INSERT INTO team (name) VALUES ('payments')": "23505",
    "SELECT count(*) FROM incident": None,
    "SELECT 1 / (3 - n) FROM generate_series(1, 3) AS n": "22012",
    "DO $$BEGIN RAISE 'own' USING ERRCODE = 'NW001'; END$$": "NW001",
    "VACUUM team": None,
}


async def _runs_once(answer: Answer, function: Any) -> None:
    await function(answer.url, "INSERT INTO team (name) SELECT 'night ' || nextval('runs')")
    await function(answer.url, "SELECT nextval('runs') / 0")
    count = await answer.observer.fetchval("SELECT count(*) FROM team WHERE name LIKE 'night %'")
    last = await answer.observer.fetchval("SELECT last_value FROM runs")
    if (count, last) != (1, 2):
        raise NotYet(
            "sqlstate(url, 'INSERT …'), then one that fails",
            f"rows: {count}, runs: {last}",
            "one row, and each statement run once",
            "how often is the statement sent?",
        )


def _ask_about(answer: Answer, got: object, wanted: object) -> str:
    if any("never awaited" in str(each.message) for each in answer.complaints):
        return "which call has no `await` before it?"
    if wanted is None:
        return "what does the caller get when nothing went wrong?"
    if isinstance(got, str) and len(got) != 5:
        return "which attribute of the error holds five characters and no prose?"
    return "is the statement run as it is, and does the code come from the error itself?"


async def _own_bugs_come_out(function: Any) -> None:
    """An error without a code, such as a wrong address, is not swallowed."""
    call = "sqlstate('postgresql://nobody@127.0.0.1:1/nowhere', 'SELECT 1')"
    try:
        got = await function("postgresql://nobody@127.0.0.1:1/nowhere", "SELECT 1")
    except OSError:
        return
    raise NotYet(
        call,
        f"it returned {show(got)}",
        "a ConnectionRefusedError",
        "which errors did PostgreSQL send, and which happen before it is reached?",
    )
