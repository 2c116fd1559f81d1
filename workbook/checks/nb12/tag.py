"""12.tag: one tag within the tags of a payload, stored with everything that was there."""

import json
from typing import Any

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb07.sessions import Sessions, app_sessions, callers_session
from workbook.checks.nb12.note import (
    FLAGGED,
    FLAGS_ANOTHER,
    NEVER_ASSIGNED,
    REST,
    SAME_OBJECT,
    STORED,
    in_sql,
    missing,
    new_alert,
    what_is_assigned,
)
from workbook.checks.nb12.schema import add_host

NONE = {"host": "db-1", "notes": ["Ada: on it"]}
TWO = {"host": "db-2", "tags": {"env": "prod", "zone": "a"}}
TAGS = "what becomes of the tags that were there before?"
TWICE = "where a dictionary has one key twice, which of the two values does it keep?"


async def check(answer: Answer) -> None:
    """A tag that is there, a new one, and the first of all; and nobody else's alert."""
    set_tag = answer.get()
    await add_host(answer)
    async with app_sessions() as sessions:
        for before in (TWO, NONE):
            alert, other = await new_alert(answer, before), await new_alert(answer, TWO)
            for name, value in (("env", "test"), ("owner", "Eli")):
                await _stays(answer, set_tag, sessions, alert, (name, value))
            left = json.loads(await answer.observer.fetchval(STORED, other))
            ask = "which alert is meant?"
            expect_state("the payload of another alert, afterwards", left, TWO, ask)


async def _stays(
    answer: Answer, set_tag: Any, sessions: Sessions, alert: int, tag: tuple[str, str]
) -> None:
    """One tag: what is stored after the caller's COMMIT is what was there, and the tag."""
    before = json.loads(await answer.observer.fetchval(STORED, alert))
    wanted = before | {"tags": before.get("tags", {}) | dict([tag])}
    call = f"set_tag(session, {alert}, {tag[0]!r}, {tag[1]!r})"
    async with callers_session(answer, sessions, call) as session:
        assigned = what_is_assigned(session)
        with missing(answer, before):
            await set_tag(session, alert, *tag)
        await session.flush()
    got = json.loads(await answer.observer.fetchval(STORED, alert))
    ask = _lost(answer, assigned, tag) if got == before else _question(got, wanted)
    if got == before:
        ask = in_sql(answer, assigned, before, "tags") or ask
    what = f"{call}, where the payload was {before}: what is stored after the caller's COMMIT"
    expect_state(what, got, wanted, ask)


def _lost(answer: Answer, assigned: list[Any], tag: tuple[str, str]) -> str:
    """Why nothing is stored: nothing was assigned, or what is assigned equals what was read."""
    if not assigned:
        return NEVER_ASSIGNED
    kept = (assigned[-1].payload.get("tags") or {}).get(tag[0]) != tag[1]
    if "flag_modified" in answer.called():
        return FLAGS_ANOTHER if kept else FLAGGED
    return TWICE if kept else SAME_OBJECT


def _question(got: Any, wanted: dict[str, Any]) -> str:
    """Which mistake leaves this."""
    if not isinstance(got, dict):
        return "of which type is the payload now?"
    rest = {key: value for key, value in wanted.items() if key != "tags"}
    kept = {key: value for key, value in got.items() if key != "tags"}
    if extra := sorted(kept.keys() - rest.keys()):
        return f"where do the tags stand: is it the payload itself that has {extra[0]!r}?"
    if kept != rest:
        return REST
    tags = got.get("tags")
    if tags is None:
        return "what does `.update(…)` give back: the dict, or nothing?"
    if isinstance(tags, dict) and (others := sorted(tags.keys() - wanted["tags"].keys())):
        return f"under which name is the new value: is it {others[0]!r}?"
    return TAGS
