"""Checks of notebook 00: connections, concurrency, error codes."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from workbook.checks.answer import Answer, expect, show
from workbook.checks.calls import (
    NOWHERE,
    called,
    cancelled,
    held,
    nothing_open,
    others_end,
    raises,
    stranger,
)
from workbook.checks.registry import checks
from workbook.checks.verdict import NotYet

_MORE = """
INSERT INTO team (name) VALUES ('night');
INSERT INTO incident (team_id, title, severity, status, opened_at)
SELECT 3, 'Alarm, number ' || n / 2, 'unknown', (ARRAY['open', 'reopened', 'snoozed'])[n % 3 + 1],
       timestamptz '2025-12-30 23:00+00' + n * interval '5 hours' FROM generate_series(1, 400) AS n
"""
"""Another night: more rows, equal titles, commas, other statuses, a new team, another year."""
_TWINS = """
INSERT INTO incident (team_id, title, severity, status, opened_at)
SELECT 3, 'Pager is silent', 'minor', 'open', '2026-01-02 03:04+00' FROM generate_series(1, 2)
"""
"""Two incidents that nobody can tell apart by title or time."""


@checks("00.fetch")
async def fetch(answer: Answer) -> None:
    """Titles as strings, open ones only, newest first; no connection left, whatever happens."""
    call = "open_incidents(url)"
    open_incidents = answer.get()
    await _titles(answer, call, open_incidents)
    await nothing_open(answer, call, "who closes the connection, and when?")
    await answer.observer.execute(_MORE)
    await _titles(answer, f"{call}, another night", open_incidents)
    await answer.observer.execute("DELETE FROM incident")
    call = f"{call}, when nothing is open"
    await _titles(answer, call, open_incidents)
    await nothing_open(answer, call, "which path leaves without closing?")
    await answer.observer.execute(_TWINS)
    await _titles(answer, "open_incidents(url), with two alike", open_incidents)
    await _query_fails(answer, open_incidents)
    await _not_let_in(answer, open_incidents)
    await cancelled(answer, "open_incidents(url)", open_incidents(answer.url))


async def _titles(answer: Answer, call: str, open_incidents: Any) -> None:
    got = await called(call, open_incidents(answer.url))
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
    ask = "which incidents does the night shift ask for?"
    if set(got) == set(wanted):
        ask = "may two incidents bear one title, or be opened at one moment?"
    expect(call, sorted(got), sorted(wanted), ask)
    expect(call, got, wanted, "which column says when, and which direction is newest first?")


async def _not_let_in(answer: Answer, open_incidents: Any) -> None:
    """Without a connection there is no list, not even an empty one."""
    ask = "is a night that nobody could look at a quiet night?"
    call = f"open_incidents('{NOWHERE}')"
    why = ["a ConnectionRefusedError, so that the caller knows", ask]
    await raises(call, open_incidents(NOWHERE), OSError, why)
    call = "open_incidents(url), as a user whom the server does not believe"
    why = ["PostgreSQL's own error, so that the caller knows", ask]
    refused = asyncpg.InvalidAuthorizationSpecificationError
    await raises(call, open_incidents(stranger(answer.url)), refused, why)


async def _query_fails(answer: Answer, open_incidents: Any) -> None:
    call = "open_incidents(url), while the table is missing"
    wanted = "PostgreSQL's own error, so that the caller knows"
    ask = "who decides what a failed query means: this function or its caller?"
    await answer.observer.execute("ALTER TABLE incident RENAME TO incident_gone")
    try:
        await open_incidents(answer.url)
    except asyncpg.UndefinedTableError:
        await nothing_open(answer, call, "what runs on success and on error alike?")
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
CREATE SEQUENCE opened;
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
        IF (SELECT is_called FROM met) AND (SELECT is_called FROM opened) THEN
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
GRANT ALL ON SEQUENCE met, opened, asked, gave_up TO PUBLIC;
"""
"""Every query on `incident` waits until five are inside the server at once; the first that has
waited two seconds in vain ends the waiting for all.

Where they meet, the loop of the check has to open for them: it can, if the answer does not stop it.
Then each leaves when all that came later have ended, so that answers come back in the
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
    got = await _with_an_opener(answer, call, count_by_status(answer.url, statuses))
    if isinstance(got, dict) and any(not isinstance(each, int) for each in got.values()):
        raise NotYet(
            call,
            f"it returned {show(got)}",
            "a number for each status",
            "is a coroutine, a task or a record the number itself?",
        )
    wanted = {each: found.get(each, 0) for each in statuses}
    expect(call, got, wanted, "which count belongs to which status?")
    await _side_by_side(answer, call)
    await nothing_open(answer, call, "does each connection get closed by whoever opened it?")
    expect(
        "count_by_status(url, [])",
        await count_by_status(answer.url, []),
        {},
        "what should come back when nothing is asked?",
    )
    await _counts_fail(answer, count_by_status)
    await _not_counted(answer, count_by_status)
    await answer.observer.execute("ALTER TABLE incident_rows RENAME TO incident")
    call, two = "count_by_status(url, ['open', 'resolved'])", ["open", "resolved"]
    await cancelled(answer, call, count_by_status(answer.url, two), len(two))


async def _with_an_opener(answer: Answer, call: str, result: Any) -> Any:
    """What the call gives, while a task of our own lets the queries out that have met."""
    returned = asyncio.Event()
    opener = asyncio.create_task(_open(answer, returned))
    try:
        return await called(call, result)
    finally:
        returned.set()
        await opener


async def _open(answer: Answer, returned: asyncio.Event) -> None:
    question = "SELECT CASE WHEN is_called THEN nextval('opened') END FROM met"
    for _ in range(300):
        if returned.is_set() or await answer.observer.fetchval(question):
            return
        await asyncio.sleep(0.01)


_MET = [
    ("asked", "no query arrived", "a query for each status", "where do the numbers come from?"),
    (
        "met",
        "not all at the same time",
        "all five side by side",
        "does the last query start before the first has answered?",
    ),
    (
        "opened",
        "the event loop stood still",
        "a loop that is free for other tasks",
        "which line waits without an `await`?",
    ),
]
"""The sequences that have moved where all is well; what it means where one has not."""


async def _side_by_side(answer: Answer, call: str) -> None:
    for sequence, happened, wanted, ask in _MET:
        if not await answer.observer.fetchval(f"SELECT is_called FROM {sequence}"):
            raise NotYet(call, f"the right counts, and {happened}", wanted, ask)


async def _counts_fail(answer: Answer, count_by_status: Any) -> None:
    """The table goes while both queries are inside the server: who is cancelled has connected."""
    call = "count_by_status(url, ['open', 'resolved']), while the table is missing"
    ours = asyncio.all_tasks()
    running = count_by_status(answer.url, ["open", "resolved"])
    async with held(answer, running, 2) as (locker, task):
        await locker.execute("DROP VIEW incident; COMMIT")
        why = ["the error itself", "is a failed count a number?"]
        await raises(call, task, (asyncpg.UndefinedTableError, ExceptionGroup), why)
    await others_end(ours)  # gather raises the first error while the other is still there
    await nothing_open(answer, call, "what runs on success and on error alike?")


async def _not_counted(answer: Answer, count_by_status: Any) -> None:
    """A connection that is refused, by the system or by a full server, is not a count of none."""
    ask = "is a status that nobody could count a status without incidents?"
    ours = asyncio.all_tasks()
    call = f"count_by_status('{NOWHERE}', ['open', 'resolved'])"
    why = ["a ConnectionRefusedError, alone or in a group", ask]
    running = count_by_status(NOWHERE, ["open", "resolved"])
    await raises(call, running, (OSError, ExceptionGroup), why)
    if await answer.observer.fetchval(_ABOVE_LIMITS, urlsplit(answer.url).username):
        return
    call = "count_by_status(url, ['open', 'resolved']), while the server is full"
    why = ["a TooManyConnectionsError, alone or in a group", ask]
    running = count_by_status(answer.url, ["open", "resolved"])
    await _limit(answer, 0)
    try:
        await raises(call, running, (asyncpg.TooManyConnectionsError, ExceptionGroup), why)
        await others_end(ours)  # before there is room again for the other one
    finally:
        await _limit(answer, -1)


_ABOVE_LIMITS = "SELECT rolsuper FROM pg_roles WHERE rolname = $1"


async def _limit(answer: Answer, connections: int) -> None:
    name = await answer.observer.fetchval("SELECT quote_ident(current_database())")
    await answer.observer.execute(f"ALTER DATABASE {name} CONNECTION LIMIT {connections}")


@checks("00.sqlstate")
async def sqlstate(answer: Answer) -> None:
    """The code of whatever the server refuses, None where it does not; nothing left open."""
    function = answer.get()
    await answer.observer.execute("CREATE SEQUENCE runs; GRANT ALL ON SEQUENCE runs TO PUBLIC")
    for sql, wanted in _CASES.items():
        call = f"sqlstate(url, {sql!r})"
        got = await called(call, function(answer.url, sql))
        expect(call, got, wanted, _ask_about(answer, got, wanted))
        await nothing_open(answer, call, "which block runs whether or not there was an error?")
    await _runs_once(answer, function)
    await _gone_meanwhile(answer, function)
    call = "sqlstate(url, 'SELECT * FROM incident')"
    await cancelled(answer, call, function(answer.url, "SELECT * FROM incident"))
    await _own_bugs_come_out(answer, function)
    await _not_believed(answer, function)


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
    if wanted is None and isinstance(got, str) and got.startswith("25"):
        return "is the statement run as it is, or inside of something?"
    if wanted is None:
        return "what does the caller get when nothing went wrong?"
    if isinstance(got, str) and len(got) != 5:
        return "which attribute of the error holds five characters and no prose?"
    return "is the statement run as it is, and does the code come from the error itself?"


async def _own_bugs_come_out(answer: Answer, function: Any) -> None:
    """An error without a code, such as a wrong address, is not swallowed."""
    ask = "which errors did PostgreSQL send, and which happen before it is reached?"
    call = f"sqlstate('{NOWHERE}', 'SELECT 1')"
    why = ["a ConnectionRefusedError", ask]
    await raises(call, function(NOWHERE, "SELECT 1"), OSError, why)
    sql = "SELECT '\ud800'"  # half of a surrogate pair: no bytes on the wire stand for it
    call, why = f"sqlstate(url, {sql!r})", ["a UnicodeEncodeError", ask]
    await raises(call, function(answer.url, sql), UnicodeEncodeError, why)
    await nothing_open(answer, call, "which block runs whether or not there was an error?")


async def _not_believed(answer: Answer, function: Any) -> None:
    """A failed login has a code too: that comes back, or the error comes out."""
    try:
        got = await function(stranger(answer.url), "SELECT 1")
    except asyncpg.InvalidAuthorizationSpecificationError:
        return
    if not isinstance(got, str) or not got.startswith("28"):
        raise NotYet(
            "sqlstate(url, 'SELECT 1'), as a user whom the server does not believe",
            f"it returned {show(got)}",
            "the error of the login, or its code",
            "what does None tell the caller about a statement?",
        )


async def _gone_meanwhile(answer: Answer, function: Any) -> None:
    """What cleans up meets a connection that has ended, and does not hide the code.

    The driver's own InterfaceError means that a connection was used which is closed.
    """
    sql = "SELECT pg_terminate_backend(pg_backend_pid())"
    try:
        got = await function(answer.url, sql)
    except OSError:  # the network was quicker than the server's message
        return
    except asyncpg.InterfaceError as error:
        got = error
    if not isinstance(got, str) or got[:2] not in ("08", "57"):
        raise NotYet(
            f"sqlstate(url, {sql!r})",
            f"it raised {got!r}" if isinstance(got, Exception) else f"it returned {show(got)}",
            "'08003', the code of a connection that is gone",
            "what is sent after the error, and who is still there to hear it?",
        )
