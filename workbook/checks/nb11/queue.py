"""11.queue: a page for each worker, no wait, and what was not sent is left to others."""

import asyncio
import re
from contextlib import AsyncExitStack
from typing import Any

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.nb07.loads import no_row
from workbook.checks.nb07.sessions import Sessions, app_sessions, callers_session
from workbook.checks.nb11.schema import bring_up_to_date
from workbook.checks.statements import statements_of_every_engine
from workbook.checks.verdict import NotYet

SENT, FIRST, SECOND, THIRD = 1, 2, 3, 4
PAGES = """
INSERT INTO page (incident_id, user_id) VALUES (5, 4), (5, 3), (5, 1), (5, 2);
UPDATE page SET sent_at = now() WHERE id = 1;
UPDATE page SET incident_id = 10 WHERE id = 2
"""
"""The first is sent. The second lies behind the others now, where an order is not asked for, and
no other column has the order of the ids."""
LOCKED = "SELECT id FROM page WHERE id <> ALL (SELECT id FROM page FOR UPDATE SKIP LOCKED)"
WAITING = 1.5
"""Seconds after which somebody who asks for a page is said to wait."""
CALL = "take(session)"
NONE_FREE = f"{CALL}, while other workers have all that wait in their hands"
BESIDE = f"{CALL}, while another worker has the oldest page in its hand"


async def check(answer: Answer) -> None:
    """The oldest that is free, one each, no wait; free again after a rollback; at last None."""
    take = answer.get()
    await bring_up_to_date(answer)
    await answer.observer.execute(PAGES)
    async with app_sessions() as sessions:
        async with callers_session(answer, sessions, CALL) as session:
            await _oldest(answer, take, session)
        unsent = await answer.observer.fetchval("SELECT count(*) FROM page WHERE sent_at IS NULL")
        ask = "who says that a page is sent, and when?"
        expect_state(f"{CALL}: the pages that are not sent after it", unsent, 3, ask)
        await _one_each(answer, take, sessions)
        await _is_left_behind(take, sessions)
        await _none_is_left(answer, take, sessions)


async def _oldest(answer: Answer, take: Any, session: AsyncSession) -> None:
    page = await _taken(CALL, take, session)
    ask = "which pages wait, and which of them has waited longest?"
    if page is None and await answer.observer.fetchval(LOCKED):
        ask = "what does your function return, when it has the page?"
    elif page != FIRST and re.search(r"sent_at is\b", answer.source()):
        ask = "who is asked by `is`: Python or PostgreSQL?"
    elif page == SENT:
        ask = "which column tells that a page is sent?"
    elif page is not None:
        ask = "in which order do rows come where none is asked for?"
        if answer.called() & {"order_by"}:
            ask = "by which column are they ordered, and which way?"
    expect_state(f"{CALL}: the id of the page", page, FIRST, ask)


async def _taken(call: str, take: Any, session: AsyncSession) -> int | None:
    """The id of the page that comes back, or None."""
    got = await take(session)
    no_row(call, got, "the page")
    if got is None:
        return None
    if type(got).__name__ != "Page":
        ask = "which call gives the first object of a result, or None?"
        if isinstance(got, int):
            ask = "what does your query select: pages, or a column of theirs?"
        raise NotYet(call, got=f"it returned {show(got)}", wanted="a Page, or None", ask=ask)
    return int(got.id)


async def _one_each(answer: Answer, take: Any, sessions: Sessions) -> None:
    """Three workers at once, each in a transaction of its own."""
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(sessions())
        with statements_of_every_engine() as sent:
            await _taken(CALL, take, first)
        locked = [row["id"] for row in await answer.observer.fetch(f"{LOCKED} ORDER BY id")]
        ask = "how many rows does your statement lock, and how many does it return?"
        if not locked:
            ask = "what tells the next worker that somebody has this page in hand?"
            if any("FOR UPDATE" in each for each in sent):
                ask = "whose transaction has the lock, and when does that end?"
        expect_state(f"{CALL}: the ids of the pages that it has locked", locked, [FIRST], ask)
        for wanted in (SECOND, THIRD, None):
            session = await stack.enter_async_context(sessions())
            call = BESIDE if wanted else NONE_FREE
            page = await _beside(call, take, session)
            ask = "which pages are free?"
            if page == FIRST:
                ask = "how many workers may have the lock that you ask for on one row?"
            expect_state(f"{call}: the id of the page", page, wanted, ask)


async def _beside(call: str, take: Any, session: AsyncSession) -> int | None:
    """What another worker gets; NotYet where it waits, or is refused."""
    try:
        async with asyncio.timeout(WAITING):
            return await _taken(call, take, session)
    except TimeoutError:
        got = f"it still waited after {WAITING} seconds"
        ask = "what does your lock do about a row that somebody has: wait, raise, or skip?"
    except exc.NoResultFound:
        got, ask = "it raised NoResultFound", "what is there to return when no page is free?"
    except exc.DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != "55P03":
            raise
        got = f"it raised {type(error).__name__}: {error.orig}".splitlines()[0]
        ask = "what does your lock do about a row that somebody has: wait, raise, or skip?"
    wanted = "the next page, at once" if call == BESIDE else "None, at once"
    raise NotYet(call, got=got, wanted=wanted, ask=ask)


async def _is_left_behind(take: Any, sessions: Sessions) -> None:
    """All three workers have died: what they had is free, and nothing is marked as sent."""
    async with sessions() as session:
        page = await _taken(CALL, take, session)
        called = f"{CALL}, after the worker that had the oldest page has died: the id"
        expect_state(called, page, FIRST, "who says that a page is sent, and when?")


async def _none_is_left(answer: Answer, take: Any, sessions: Sessions) -> None:
    """When every page is sent."""
    await answer.observer.execute("UPDATE page SET sent_at = now()")
    call = f"{CALL}, when every page is sent"
    async with sessions() as session:
        try:
            page = await _taken(call, take, session)
        except exc.NoResultFound:
            ask = "what is there to return when no page is free?"
            got = "it raised NoResultFound"
            raise NotYet(call, got=got, wanted="None", ask=ask) from None
        expect_state(f"{call}: what it returned", page, None, "what is there to return?")
