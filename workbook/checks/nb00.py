"""Checks of notebook 00: connections, concurrency, error codes."""

import inspect
from collections.abc import Awaitable
from typing import Any

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


@checks("00.fetch")
async def fetch(answer: Answer) -> None:
    """Titles as strings, open ones only, newest first; no connection left, even on error."""
    call = "open_incidents(url)"
    open_incidents = answer.get()
    got = await _called(call, open_incidents(answer.url))
    if not isinstance(got, list) or not all(isinstance(each, str) for each in got):
        raise NotYet(
            call,
            f"it returned {show(got)}",
            "a list of titles, each a string",
            "what is a record, and how do you take one column out of it?",
        )
    rows = await answer.observer.fetch(
        "SELECT title FROM incident WHERE status = 'open' ORDER BY opened_at DESC"
    )
    wanted = [row["title"] for row in rows]
    expect(call, sorted(got), sorted(wanted), "which incidents does the night shift ask for?")
    expect(call, got, wanted, "which column says when, and which direction is newest first?")
    await _nothing_open(answer, call, "who closes the connection, and when?")
    await answer.observer.execute("ALTER TABLE incident RENAME TO incident_gone")
    try:
        await open_incidents(answer.url)
    except Exception:
        await _nothing_open(
            answer, f"{call}, while the query fails", "what runs on success and on error alike?"
        )
    else:
        raise NotYet(
            f"{call}, while the table is missing",
            "no error came out",
            "the error itself, so that the caller knows",
            "who decides what a failed query means: this function or its caller?",
        )


_COMPANY = """
ALTER TABLE incident RENAME TO incident_rows;
CREATE SEQUENCE met;
CREATE FUNCTION company() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE together integer;
BEGIN
    PERFORM pg_advisory_lock_shared(3);
    FOR attempt IN 1..60 LOOP
        SELECT count(*) INTO together FROM pg_locks
        WHERE locktype = 'advisory' AND objid = 3 AND database =
              (SELECT oid FROM pg_database WHERE datname = current_database());
        IF together >= 3 THEN PERFORM nextval('met'); END IF;
        IF (SELECT is_called FROM met) THEN RETURN true; END IF;
        PERFORM pg_sleep(0.01);
    END LOOP;
    RETURN true;
END $$;
CREATE VIEW incident AS SELECT * FROM incident_rows WHERE (SELECT company());
GRANT SELECT ON incident, incident_rows TO PUBLIC;
GRANT ALL ON SEQUENCE met TO PUBLIC;
"""
"""Every query on `incident` waits, for 0.6 s at most, until three backends are inside at once."""


@checks("00.concurrent")
async def concurrent(answer: Answer) -> None:
    """The same counts, with three queries inside the server at once; nothing left open."""
    statuses = ["open", "acknowledged", "resolved"]
    call = f"count_by_status(url, {statuses})"
    count_by_status = answer.get()
    rows = await answer.observer.fetch("SELECT status, count(*) FROM incident GROUP BY status")
    found = dict(rows)
    await answer.observer.execute(_COMPANY)
    got = await _called(call, count_by_status(answer.url, statuses))
    expect(
        call, got, {each: found[each] for each in statuses}, "which count belongs to which status?"
    )
    met = await answer.observer.fetchval("SELECT is_called FROM met")
    if not met:
        raise NotYet(
            call,
            "the right counts, one after the other",
            "all three at the same time",
            "does the second query start before the first has answered?",
        )
    await _nothing_open(answer, call, "does each connection get closed by whoever opened it?")
    expect(
        "count_by_status(url, [])",
        await count_by_status(answer.url, []),
        {},
        "what should come back when nothing is asked?",
    )


@checks("00.sqlstate")
async def sqlstate(answer: Answer) -> None:
    """The code of whatever the server refuses, None where it does not; nothing left open."""
    function = answer.get()
    cases = {
        "SELECT * FROM no_such_table": "42P01",
        "SELECT 1 / 0": "22012",
        "INSERT INTO team (name) VALUES ('payments')": "23505",
        "SELECT count(*) FROM incident": None,
    }
    for sql, wanted in cases.items():
        call = f"sqlstate(url, {sql!r})"
        got = await _called(call, function(answer.url, sql))
        expect(call, got, wanted, _ask_about(got, wanted))
        await _nothing_open(answer, call, "which block runs whether or not there was an error?")
    await function(answer.url, "INSERT INTO team (name) VALUES ('night')")
    if not await answer.observer.fetchval("SELECT count(*) FROM team WHERE name = 'night'"):
        raise NotYet(
            "sqlstate(url, 'INSERT …')",
            "it returned None and no row is there",
            "the statement to be run",
            "was the statement sent, or only prepared?",
        )
    await _own_bugs_come_out(answer, function)


def _ask_about(got: object, wanted: object) -> str:
    if wanted is None:
        return "what does the caller get when nothing went wrong?"
    if isinstance(got, str) and len(got) != 5:
        return "which attribute of the error holds five characters and no prose?"
    return "what does the error object know besides its message?"


async def _own_bugs_come_out(answer: Answer, function: Any) -> None:
    """An error without a code, such as a wrong address, is not swallowed."""
    call = "sqlstate('postgresql://127.0.0.1:1/nowhere', 'SELECT 1')"
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
