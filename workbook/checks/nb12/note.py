"""12.note: a line behind the notes of a payload, stored with everything that was there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb07.sessions import Sessions, app_sessions, callers_session
from workbook.checks.nb12.schema import add_host
from workbook.checks.places import learners_line
from workbook.checks.verdict import YOURS, NotYet

NONE = {"host": "db-1", "tags": {"env": "prod"}}
TWO = {"host": "db-2", "notes": ["Ada: on it", "Ben: disk"], "tags": {"env": "test"}}
ADD = """
INSERT INTO alert (team_id, dedupe_key, payload) VALUES (1, $1, $2::jsonb) RETURNING id
"""
STORED = "SELECT payload FROM alert WHERE id = $1"
NEVER_ASSIGNED = "which attribute does your code assign, and which objects does it only change?"
SAME_OBJECT = "which part of the value that you assign is still the object that was read?"
FLAGGED = "when is what you flagged sent, and what is changed only after that?"
FLAGS_ANOTHER = "which dictionary is flagged and sent: the one that you changed, or another one?"
REST = "what becomes of everything else in the payload?"
NOTES = "what becomes of the notes that were there before?"


async def check(answer: Answer) -> None:
    """Where notes are there and where none are; a second one; and nobody else's alert."""
    add_note = answer.get()
    await add_host(answer)
    async with app_sessions() as sessions:
        for before in (TWO, NONE):
            alert = await new_alert(answer, before)
            other = await new_alert(answer, NONE)
            for note in ("Eli: cable", "Ivo: done"):
                await _stays(answer, add_note, sessions, alert, note)
            left = json.loads(await answer.observer.fetchval(STORED, other))
            ask = "which alert is meant?"
            expect_state("the payload of another alert, afterwards", left, NONE, ask)


async def new_alert(answer: Answer, payload: dict[str, Any]) -> int:
    """Store an alert of team 1 with this payload; its id."""
    count = await answer.observer.fetchval("SELECT count(*) FROM alert")
    key, sent = f"key {count}", json.dumps(payload)
    return int(await answer.observer.fetchval(ADD, key, sent))


async def _stays(answer: Answer, add_note: Any, sessions: Sessions, alert: int, note: str) -> None:
    """One note: what is stored after the caller's COMMIT is what was there, and the note."""
    before = json.loads(await answer.observer.fetchval(STORED, alert))
    wanted = before | {"notes": [*before.get("notes", []), note]}
    call = f"add_note(session, {alert}, {note!r})"
    async with callers_session(answer, sessions, call) as session:
        assigned = what_is_assigned(session)
        with missing(answer, before):
            await add_note(session, alert, note)
        await session.flush()
    got = json.loads(await answer.observer.fetchval(STORED, alert))
    ask = _question(before, got, wanted, bool(assigned))
    if got == before:
        ask = _why_lost(answer, assigned, note) or in_sql(answer, assigned, before, "notes") or ask
    what = f"{call}, where the payload was {before}: what is stored after the caller's COMMIT"
    expect_state(what, got, wanted, ask)


@contextmanager
def missing(answer: Answer, before: dict[str, Any]) -> Iterator[None]:
    """NotYet where a line takes a key that this payload has not, or flags what is no attribute."""
    try:
        yield
    except KeyError as error:
        where, key = learners_line(error, answer.workspace), next(iter(error.args), None)
        ask = f"what is your line to do with a payload that has no {key!r} yet, such as {before}?"
        if "flag_modified" in where:
            ask = "what do you flag: an attribute of the model, or a key of its value?"
        elif not where or key is None or key in before:
            raise
        got = f"it raised KeyError: {key!r}"
        raise NotYet(where, got=got, wanted="no error", ask=ask, label=YOURS) from None


def what_is_assigned(session: AsyncSession) -> list[object]:
    """What a flush of this session finds assigned or flagged, whether it differs or not."""
    found: list[object] = []
    event.listen(session.sync_session, "before_flush", lambda its, *_: found.extend(its.dirty))
    return found


def in_sql(answer: Answer, assigned: list[Any], before: Any, key: str) -> str:
    """The question about a statement of the answer's own that changes nothing; else empty."""
    sends = not assigned and answer.called() & {"execute", "scalar", "scalars", "exec_driver_sql"}
    if not sends or key in before or "UPDATE" not in answer.source().upper():
        return ""
    return f"what does your statement make of a payload that has no {key!r} yet?"


def _why_lost(answer: Answer, assigned: list[Any], note: str) -> str:
    """The question about a note that is gone in Python already, or was flagged too early."""
    called = answer.called()
    if undone := sorted(called & {"refresh", "expire", "expire_all", "expunge"}):
        return f"what does `{undone[0]}` do with a change that was not sent yet?"
    there = bool(assigned) and note in (assigned[-1].payload.get("notes") or [])
    if assigned and "flag_modified" in called:
        return FLAGGED if there else FLAGS_ANOTHER
    if assigned and not there:
        return "where a dictionary has one key twice, which of the two values does it keep?"
    return ""


def _question(before: Any, got: Any, wanted: dict[str, Any], assigned: bool) -> str:
    """Which mistake leaves this."""
    if got == before:
        return SAME_OBJECT if assigned else NEVER_ASSIGNED
    if not isinstance(got, dict):
        return "of which type is the payload now?"
    kept = {key: value for key, value in got.items() if key != "notes"}
    rest = {key: value for key, value in wanted.items() if key != "notes"}
    if rest.items() < kept.items():
        return f"under which key are the notes: is it {', '.join(sorted(kept.keys() - rest))}?"
    if kept != rest:
        return REST
    lines = got.get("notes")
    if lines is None:
        return "what does `.append(…)` give back: the list, or nothing?"
    if not isinstance(lines, list):
        return "of which type is the value of `notes`?"
    if len(lines) > len(wanted["notes"]):
        return "what is added to a list that is extended by a text: the text, or each letter of it?"
    return NOTES if len(lines) < len(wanted["notes"]) else "which line goes to which end?"
