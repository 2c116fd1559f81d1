"""13.keyset: the query for a page from a place on, whose cost does not grow with the depth."""

import inspect
from datetime import datetime
from typing import Any

import asyncpg
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection

from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.connections import own_engine
from workbook.checks.nb13 import rows
from workbook.checks.verdict import NotYet
from workbook.evidence import plans

LIMIT = 7
ALL = "SELECT received_at, id FROM alert WHERE team_id = 1 ORDER BY received_at DESC, id DESC"
MOST = 3.0
"""A page at the end may read so many times the blocks of one near the beginning, and ten more."""
Place = tuple[datetime, int]


async def check(answer: Answer) -> None:
    """Page after page gives each alert once, in order, and the last page is no dearer."""
    older = answer.get()
    await rows.put(answer, rows.TIES)
    every: list[Place] = [tuple(row) for row in await answer.observer.fetch(ALL)]
    await _pages_follow(answer, older, every)
    await rows.put(answer, rows.BY_TIME)  # it would put in order what the query does not
    await _costs_no_more(answer, older, every)


def _asked(older: Any, place: Place | None, limit: int) -> tuple[str, Select[Any]]:
    """The call, as it is told, and the query; NotYet where it is none."""
    call = f"older({_told(place)}, {limit})"
    query = older(place, limit)
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


async def _pages_follow(answer: Answer, older: Any, every: list[Place]) -> None:
    async with own_engine(answer) as engine, engine.connect() as connection:
        await connection.exec_driver_sql("SELECT set_config('app.team', '1', true)")
        place: Place | None = None
        for first in range(0, 10 * LIMIT, LIMIT):
            call, query = _asked(older, place, LIMIT)
            found = await _page(connection, call, query)
            wanted = every[first : first + LIMIT]
            if found != wanted:
                ask = _question(found, wanted, every[:first], place)
                _say(call, found, wanted, ask)
            place = found[-1]
        last = every[-1]
        call, query = _asked(older, last, LIMIT)
        ask = "what comes behind the last alert of all?"
        expect_state(
            f"{call}, behind the last alert", await _page(connection, call, query), [], ask
        )


async def _page(connection: AsyncConnection, call: str, query: Select[Any]) -> list[Place]:
    """Moment and id of each row."""
    found = (await connection.execute(query)).all()
    try:
        return [(row.received_at, row.id) for row in found]
    except AttributeError:
        raise NotYet(
            call,
            got=f"its rows have {', '.join(found[0]._fields)}",
            wanted="alerts, with their received_at and their id",
            ask="what does your query select?",
        ) from None


def _question(
    found: list[Place], wanted: list[Place], before: list[Place], place: Place | None
) -> str:
    """What the difference shows."""
    if set(found) & set(before):
        return "is the row of the place itself behind the place?"
    if len(found) > LIMIT:
        return "how many rows does a page have?"
    moments = [each[0] for each in found]
    if sorted(found) == sorted(wanted) or {*moments} == {wanted[0][0]}:
        return "in which order do alerts of the same moment come?"
    if found == sorted(found) and len(found) > 1:
        return "which of two alerts comes first, the older or the newer?"
    if moments != sorted(moments, reverse=True):
        return "by which column is the list ordered first?"
    if place and not {each for each in found if each[0] == place[0]}:
        return "which alerts of the place's own moment come behind it?"
    if place and place[0] in [each[0] for each in wanted]:
        return "how are two pairs compared: by which value first, and when by the second?"
    return ""


def _say(call: str, found: list[Place], wanted: list[Place], ask: str) -> None:
    def line(places: list[Place]) -> str:
        return ", ".join(f"{moment:%H:%M} {number}" for moment, number in places) or "no rows"

    raise NotYet(call, got=f"it asks for {line(found)}", wanted=line(wanted), ask=ask)


async def _costs_no_more(answer: Answer, older: Any, every: list[Place]) -> None:
    """Blocks near the beginning, in the middle and at the end, and what the plan says of it."""
    near: plans.Plan | None = None
    for depth in (50, len(every) // 2, len(every) - 100):
        call, query = _asked(older, every[depth], 50)
        try:
            plan = await plans.explain(answer.url, query, (), 1)
        except asyncpg.PostgresError as error:
            raise NotYet(call, got=f"PostgreSQL says: {error}", wanted="a page") from None
        near = near or plan
        if plan.blocks > MOST * near.blocks + 10:
            few = f"{near.blocks:,} near the beginning"
            raise NotYet(
                f"{call}, deep in the list",
                got=f"its plan reads {plan.blocks:,} blocks, and {few}:\n{plan!r}",
                wanted="as many blocks, wherever the page lies",
                ask="which condition leads the index to the place, and which only filters?",
            )
