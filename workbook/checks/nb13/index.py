"""13.index: the index that a team's list of newest alerts asks for, built while others write."""

import asyncio
import re

import asyncpg

from workbook.base.waiting import eventually
from workbook.checks.answer import Answer, show
from workbook.checks.connections import own_connection
from workbook.checks.nb13 import rows
from workbook.checks.verdict import NotYet, Reason
from workbook.evidence import plans

NAME = "ix_alert_received"
PAGE = "SELECT id, dedupe_key FROM alert ORDER BY received_at DESC, id DESC LIMIT 50"
MOST = 65
"""Blocks for a page of fifty rows that lie far from each other; the right ones read 54."""
WRITE = "INSERT INTO alert (team_id, dedupe_key, payload) VALUES (2, $1, '{}')"
BUILD_WAITS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE '%INDEX%'
"""
INDEX = """
SELECT pg_get_indexdef(indexrelid) AS definition, indisvalid AS valid
FROM pg_index WHERE indexrelid = to_regclass($1)
"""
WITHOUT_ID = (
    "PostgreSQL reads a team's alerts in the order of their time, and sorts those of one moment"
    " by their id as it goes: an `Incremental Sort`. That is as good while a moment has few alerts"
)
SMALLER = ", and the index is smaller."
WITH_ID = (
    "Make it with the id as its third column, and read both plans: what does an `Incremental Sort`"
    " cost?"
)
TURNED = (
    "Let the id run in the direction of the moment, and read both plans: what does an"
    " `Incremental Sort` cost?"
)


async def check(answer: Answer) -> Reason | None:
    """Nobody waits while it is built, and the list is cheap then, for whichever team."""
    sql = answer.get()
    if not isinstance(sql, str):
        raise NotYet("INDEX", got=f"it is {show(sql)}", wanted="a statement of SQL, as a text")
    await rows.put(answer, rows.RARE)
    late = await _build_beside_a_writer(answer, sql)
    if late:
        raise NotYet.looked_at(
            "an alert that somebody stores while the index is built",
            got=f"it waited and gave up: {late}",
            wanted="a new row, at once",
            ask="which lock does this way of building take, and which way takes a weaker one?",
        )
    definition = await _definition(answer)
    await answer.observer.execute("VACUUM (ANALYZE) alert")
    plan = await plans.explain(answer.url, PAGE, (), 1)
    _is_cheap(plan, definition)
    if "Incremental Sort" not in plan.kinds:
        return None
    has_id = re.search(r"\bid\b", definition)
    if has_id:
        return Reason(f"{WITHOUT_ID}.", TURNED)
    return Reason(WITHOUT_ID + SMALLER, WITH_ID)


async def _build_beside_a_writer(answer: Answer, sql: str) -> str:
    """Run it while a transaction has written; what another writer is told meanwhile."""
    async with (
        own_connection(answer) as builder,
        own_connection(answer) as writer,
        own_connection(answer) as other,
    ):
        for each in (writer, other):
            await each.execute("SELECT set_config('app.team', '2', false)")
        async with writer.transaction():
            await writer.execute(WRITE, "first")
            build = asyncio.create_task(_run(builder, sql))

            async def waits_or_ended() -> bool:
                return build.done() or bool(await answer.observer.fetchval(BUILD_WAITS))

            await eventually(waits_or_ended, timeout=3)
            late = await _refusal(other)
        await build
    return late


async def _run(builder: "asyncpg.Connection", sql: str) -> None:
    try:
        await builder.execute(sql)
    except asyncpg.PostgresError as error:
        raise NotYet(
            sql,
            got=f"PostgreSQL says: {error}",
            wanted=f"the index {NAME}",
            label="You wrote",
        ) from None


async def _refusal(writer: "asyncpg.Connection") -> str:
    """Why a row could not be written within 0.3 seconds; empty where it could."""
    try:
        await writer.execute("SET lock_timeout = '300ms'")
        await writer.execute(WRITE, "second")
    except asyncpg.LockNotAvailableError as error:
        return str(error)
    return ""


async def _definition(answer: Answer) -> str:
    """What the index is now; NotYet where it is not there."""
    found = await answer.observer.fetchrow(INDEX, NAME)
    if found:
        return str(found["definition"])
    query = "SELECT string_agg(indexname, ', ' ORDER BY 1) FROM pg_indexes WHERE tablename = $1"
    raise NotYet.looked_at(
        "the indexes of the alerts, after your statement",
        got=await answer.observer.fetchval(query, "alert"),
        wanted=f"{NAME} among them",
        ask="which name, and which table, does your statement say?",
    )


def _is_cheap(plan: "plans.Plan", definition: str) -> None:
    """NotYet where the list does not go by it, sorts, or reads other teams' alerts on the way."""
    if NAME in plan.indexes and "Sort" not in plan.kinds and plan.blocks <= MOST:
        return
    raise NotYet.looked_at(
        "the plan of the list of team 1, to which one alert in fifty belongs",
        got=f"{plan!r}\nby {definition}",
        wanted=f"a page of fifty that goes by {NAME}, and reads {MOST} blocks at most",
        ask=_question(definition),
    )


def _question(definition: str) -> str:
    """What keeps this index from serving the list."""
    if " WHERE " in definition:
        return "which rows does your index have, and what does the policy ask for?"
    if not definition.partition("(")[2].startswith("team_id"):
        return "whose alerts lie between two of team 1 in your index?"
    return "in which order do a team's alerts come out of your index, and which one is wanted?"
