"""Check of 01.alarms: a row for each title, or none of them."""

import asyncio
from typing import Any

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import async_sessionmaker

from workbook.base.causes import causes
from workbook.checks import busy, outliving
from workbook.checks.answer import Answer, expect, expect_state, show
from workbook.checks.connections import own_engine
from workbook.checks.lent_lists import expect_as_it_was
from workbook.checks.messages import message
from workbook.checks.nb01.incident_table import (
    LONG,
    UNIQUE_AT_COMMIT,
    count_incidents,
    create_incident_table,
    expect_whole,
)
from workbook.checks.nb01.pool import expect_connection_returned
from workbook.checks.nb01.tasks import expect_all_awaited, expect_cancelled
from workbook.checks.verdict import NotYet

_GAP_IN_IDS = (
    "INSERT INTO incident (title) VALUES ('Queue grows'), ('x'); DELETE FROM incident"
    " WHERE title = 'x'; ALTER TABLE incident ADD CONSTRAINT no_drill CHECK (title <> 'Drill');"
    " ALTER SEQUENCE incident_id_seq INCREMENT BY 3"
)
_THREE = ["Queue grows", "Disk is full", "it's :down "]
_TWO = ["Fire", "Fire"]
_SHARED = "how many conversations does the connection of one session carry at a time?"
_LIST_OF_VALUES = "what does `RETURNING` give where `execute` gets a list of values at once?"
_DROPPED = "what does the caller believe when the database's own error is dropped?"
_ONE_UNIT = "how many units of work are that, and which of them are over when the error comes?"


async def check(answer: Answer) -> None:
    """All of them with their ids in order, or none where one is refused; one unit of work."""
    await create_incident_table(answer)
    await answer.observer.execute(_GAP_IN_IDS)
    async with own_engine(answer) as engine:
        sessions = async_sessionmaker(engine, expire_on_commit=False)
        await _stored(answer, engine, sessions, _THREE)
        await answer.get()(sessions, [LONG])
        await expect_whole(answer, f"raise_alarms with a title of {len(LONG)} characters")
        await _no_title(answer, sessions)
        await _two_alike(answer, sessions)
        for titles in (["Disk is full", "Drill"], ["Disk is full", "Drill", "Queue grows"]):
            call = f"raise_alarms(sessions, {titles}), where a constraint refuses 'Drill'"
            await _refused(answer, engine, sessions, titles, call)
        await _cancelled(answer, engine, sessions)
        await answer.observer.execute(UNIQUE_AT_COMMIT)
        call = f"raise_alarms(sessions, {_TWO}), whose COMMIT fails"
        await _refused(answer, engine, sessions, _TWO, call)
        await expect_all_awaited(answer)


async def _stored(answer: Answer, engine: Any, sessions: Any, titles: list[str]) -> None:
    call = f"raise_alarms(sessions, {titles})"
    last = await answer.observer.fetchval("SELECT max(id) FROM incident")
    try:
        got = await answer.get()(sessions, lent := [*titles])
    except exc.ResourceClosedError as error:
        ask = _LIST_OF_VALUES if "does not return rows" in str(error) else ""
        got = f"it raised {message(error)}"
        raise NotYet(call, got=got, wanted="a list of ids", ask=ask) from None
    except exc.InvalidRequestError as error:
        said, wanted = (
            f"it raised {message(error)}",
            "one statement after the other, in one session",
        )
        raise NotYet(call, got=said, wanted=wanted, ask=_SHARED) from None
    except exc.DBAPIError as error:
        if "got list" not in str(error):
            raise
        said, ask = f"it raised {message(error)}", "how many titles does one `:title` take?"
        raise NotYet(call, got=said, wanted="a list of ids", ask=ask) from None
    expect_as_it_was(call, lent, titles)
    rows = await answer.observer.fetch("SELECT * FROM incident WHERE id > $1 ORDER BY id", last)
    stored = [row["title"] for row in rows]
    ask = _ask_of_rows(stored, titles)
    if sorted(stored) != sorted(titles):
        expect_state(f"the new rows, after {call}", stored, titles, ask)
    if isinstance(got, list) and got and not all(isinstance(each, int) for each in got):
        ask = "which method of a session gives the value itself, and which one a result or a row?"
        raise NotYet(call, got=f"it returned {show(got)}", wanted="a list of ids", ask=ask)
    ids = {row["title"]: row["id"] for row in rows}
    ask = "which ids does the caller get, and of which title is the first of them?"
    expect(call, got, [ids[title] for title in titles], ask)
    await expect_connection_returned(answer, engine, call)


def _ask_of_rows(stored: list[str], titles: list[str]) -> str:
    if not stored:
        return "who makes the rows real, and when?"
    if stored == titles[: len(stored)]:
        return "for how many titles does the loop run before the function ends?"
    return "is each title stored once?"


async def _no_title(answer: Answer, sessions: Any) -> None:
    got = await answer.get()(sessions, [])
    ask = outliving.question(got, [], "what comes back for no title?")
    expect("raise_alarms(sessions, []), after a list of three", got, [], ask)


async def _two_alike(answer: Answer, sessions: Any) -> None:
    """Two alarms may have one title: each is a row, and has an id of its own."""
    last = await answer.observer.fetchval("SELECT max(id) FROM incident")
    call, got = f"raise_alarms(sessions, {_TWO})", await answer.get()(sessions, _TWO)
    rows = await answer.observer.fetch("SELECT id FROM incident WHERE id > $1 ORDER BY id", last)
    stored = [row["id"] for row in rows]
    ask = "may two alarms have the same title, and which line makes one of them?"
    expect_state(f"how many new rows are stored, after {call}", len(stored), 2, ask)
    if got != stored:
        expect(call, sorted(got) if isinstance(got, list) else got, stored, ask)


async def _refused(
    answer: Answer, engine: Any, sessions: Any, titles: list[str], call: str
) -> None:
    """The database's error comes out, and no row stays."""
    before, running = await count_incidents(answer), asyncio.all_tasks()
    try:
        got = f"it returned {show(await answer.get()(sessions, titles))}"
    except Exception as error:
        got = (
            "" if any(isinstance(e, exc.IntegrityError) for e in causes(error)) else message(error)
        )
        got = got and f"it raised {got}"
    if begun := asyncio.all_tasks() - running:  # what it left behind may still store a row
        await asyncio.wait(begun, timeout=2)
    kept = await count_incidents(answer) - before
    if kept and got.startswith("it returned"):
        got, wanted = f"{got}; rows that are stored: {kept}", "the database's error, and no row"
        raise NotYet(call, got=got, wanted=wanted, ask=_DROPPED)
    if kept:
        raise NotYet(call, got=f"rows that are stored: {kept}", wanted="none", ask=_ONE_UNIT)
    if got:
        raise NotYet(call, got=got, wanted="the database's error", ask=_DROPPED)
    await expect_connection_returned(answer, engine, call)


_WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'advisory')"
_SLOW = """
CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END$$;
CREATE TRIGGER slow BEFORE INSERT ON incident
FOR EACH ROW WHEN (NEW.title = 'Slow') EXECUTE FUNCTION wait();
"""


async def _cancelled(answer: Answer, engine: Any, sessions: Any) -> None:
    """Cancelled while its second row waits, it stores nothing, and says that it was cancelled."""
    call, before = "raise_alarms(…), cancelled at its second title", await count_incidents(answer)
    await answer.observer.execute(f"{_SLOW}; SELECT pg_advisory_lock(1)")
    task = asyncio.create_task(answer.get()(sessions, ["Disk is full", "Slow"]))
    await busy.eventually(lambda: answer.observer.fetchval(_WAITS), 2, interval=0.01)
    task.cancel()
    await asyncio.wait([task], timeout=2)
    await answer.observer.execute("SELECT pg_advisory_unlock(1); DROP TRIGGER slow ON incident")
    if kept := await count_incidents(answer) - before:
        raise NotYet(call, got=f"rows that are stored: {kept}", wanted="none", ask=_ONE_UNIT)
    expect_cancelled(call, task)
    await expect_connection_returned(answer, engine, call)
