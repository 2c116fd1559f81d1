"""Pages of alerts from a place on: a query is asked for them, and for what it costs."""

import ast
import inspect
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection

from workbook.checks.answer import Answer, show
from workbook.checks.calling import calling
from workbook.checks.row_locks import expect_none_locked
from workbook.checks.verdict import NotYet
from workbook.evidence import plans

LIMIT = 7
ALL = "SELECT received_at, id FROM alert WHERE team_id = 1 ORDER BY received_at DESC, id DESC"
MOST = 3.0
"""A page at the end may read so many times the blocks of one near the beginning, and ten more."""
FILTERS = "which condition leads the index to the place, and which only filters?"
OFFSET = "what does PostgreSQL do with the rows that an OFFSET leaves out?"
IN_PYTHON = "who compares the two columns with the place: PostgreSQL, or Python, which has no rows?"
Place = tuple[datetime, int]


async def every(answer: Answer) -> list[Place]:
    """Moment and id of each alert of team 1, in the order of the list."""
    return [tuple(row) for row in await answer.observer.fetch(ALL)]


def asked(name: str, function: Any, place: Place | None, limit: int) -> tuple[str, Select[Any]]:
    """The call, as it is told, and the query; NotYet where it is none."""
    call = f"{name}({_told(place)}, {limit})"
    with calling(call):
        query = function(place, limit)
    if inspect.iscoroutine(query):
        query.close()
        ask = "does it send anything that is to be awaited?"
        raise NotYet(call, got="it returned a coroutine", wanted="a query: `select(…)`", ask=ask)
    if not isinstance(query, Select):
        ask = "which line builds the query, and what is returned?"
        raise NotYet(call, got=f"it returned {show(query)}", wanted="a query: `select(…)`", ask=ask)
    return call, query


def _told(place: Place | None) -> str:
    return f"({place[0]:%d %B %H:%M}, {place[1]})" if place else "None"


async def page(connection: AsyncConnection, call: str, query: Select[Any]) -> list[Place]:
    """Moment and id of each row."""
    found = (await connection.execute(query)).all()
    await expect_none_locked(call, connection, "alert")
    try:
        return [(row.received_at, row.id) for row in found]
    except AttributeError:
        raise NotYet(
            call,
            got=f"its rows have {', '.join(found[0]._fields)}",
            wanted="alerts, with their received_at and their id",
            ask="what does your query select?",
        ) from None


def compares_in_python(answer: Answer) -> bool:
    """Whether a tuple of Python's has the columns: its `<` looks at the first one alone."""
    return any(
        isinstance(side, ast.Tuple) and isinstance(side.elts[0], ast.Attribute)
        for each in ast.walk(ast.parse(answer.source()))
        if isinstance(each, ast.Compare)
        for side in (each.left, *each.comparators)
    )


def say(call: str, found: list[Place], wanted: list[Place], ask: str) -> None:
    """Raise NotYet with the two pages, each as its moments and ids."""

    def line(places: list[Place]) -> str:
        shown = ", ".join(f"{moment:%H:%M} {number}" for moment, number in places[: LIMIT + 1])
        more = f", …: {len(places):,} rows" if len(places) > LIMIT + 1 else ""
        return shown + more or "no rows"

    raise NotYet(call, got=f"it asks for {line(found)}", wanted=line(wanted), ask=ask)


async def cost_no_more(answer: Answer, name: str, function: Any, places: Sequence[Place]) -> None:
    """Pages at these places read as many blocks as the first of them, and what a plan says else."""
    first: plans.Plan | None = None
    for place in places:
        call, query = asked(name, function, place, 50)
        try:
            plan = await plans.explain(answer.url, query, (), 1)
        except asyncpg.PostgresError as error:
            raise NotYet(call, got=f"PostgreSQL says: {error}", wanted="a page") from None
        first = first or plan
        if plan.blocks > MOST * first.blocks + 10:
            few = f"{first.blocks:,} near the beginning"
            raise NotYet(
                f"{call}, deep in the list",
                got=f"its plan reads {plan.blocks:,} blocks, and {few}:\n{plan!r}",
                wanted="as many blocks, wherever the page lies",
                ask=OFFSET if "OFFSET" in str(query) else FILTERS,
            )
