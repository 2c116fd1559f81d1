"""How raise_alarm may end: the page goes out, fails or is cancelled, or the row is refused."""

import asyncio
from typing import Any, NamedTuple

from sqlalchemy import exc

from workbook.base.causes import causes
from workbook.checks.answer import Answer, expect, expect_state, show
from workbook.checks.messages import message
from workbook.checks.nb01.errors import error_swallowed
from workbook.checks.nb01.incident_table import UNIQUE_AT_COMMIT, count_incidents
from workbook.checks.nb01.pool import (
    connections_in_use,
    expect_connection_kept,
    expect_connection_returned,
)
from workbook.checks.nb01.tasks import expect_cancelled, expect_no_task_left
from workbook.checks.verdict import NotYet


class _Page(NamedTuple):
    """A page that went out, and what was to be seen at that moment."""

    incident_id: int
    visible_rows: int
    """New rows that everybody saw."""
    connections: int
    """Connections of the engine that were in use."""


async def page_goes_out(answer: Answer, engine: Any, sessions: Any, title: str) -> None:
    """One page goes out before everybody sees the row, and afterwards the row is there."""
    before, pages = await count_incidents(answer), list[_Page]()

    async def page(incident_id: int) -> None:
        await asyncio.sleep(0.02)  # a pager takes its time
        visible = await count_incidents(answer) - before
        pages.append(_Page(incident_id, visible, connections_in_use(engine)))

    call = f"raise_alarm(sessions, {title!r}, page)"
    tasks = asyncio.all_tasks()
    got = await answer.get()(sessions, title, page)
    begun = asyncio.all_tasks() - tasks
    if not pages:
        expect_no_task_left(begun, call)
    _paged_in_time(call, pages, was_used=engine.pool.checkedin() + connections_in_use(engine) > 0)
    await _stored_once(answer, call, before)
    stored = await answer.observer.fetchrow("SELECT id, title FROM incident ORDER BY id DESC")
    _is_the_alarm(call, title, stored, [each.incident_id for each in pages])
    expect(call, got, stored["id"], "which id does the caller get?")
    await expect_connection_returned(answer, engine, call)
    expect_no_task_left(begun, call)
    expect_connection_kept(engine, call)


_TOO_EARLY = "at which line does the row become visible, and has the page gone out by then?"


def _paged_in_time(call: str, pages: list[_Page], *, was_used: bool) -> None:
    """NotYet unless the page goes out in the unit of work; `was_used` tells whose sessions."""
    if not pages:
        raise NotYet(
            call,
            got="nobody was paged",
            wanted="one page, about the id of the row",
            ask="which line calls `page`?",
        )
    if pages[0].visible_rows:
        raise NotYet(
            call,
            got="while the page goes out, everybody sees the row already",
            wanted="a row that becomes visible when the page went out",
            ask=_TOO_EARLY,
        )
    if not pages[0].connections:
        raise _outside_of_the_work(call, was_used)


def _outside_of_the_work(call: str, was_used: bool) -> NotYet:
    """The page goes out while no connection is in use: too early, or the sessions are others."""
    if was_used:
        return NotYet(
            call,
            got="when the page goes out, no transaction holds a row of this alarm",
            wanted="a row first, and in its transaction a page about its id",
            ask="where does the page stand: before the INSERT, or behind the block that holds it?",
        )
    return NotYet(
        call,
        got="no connection of the sessions it was given is in use",
        wanted="a session that `sessions` made",
        ask="who decides which database the alarm is written to?",
    )


async def _stored_once(answer: Answer, call: str, before: int) -> None:
    if (new := await count_incidents(answer) - before) != 1:
        raise NotYet(
            call,
            got=f"{new} new rows are stored",
            wanted="1 row",
            ask="when the page went out, who makes the row real?",
        )


def _is_the_alarm(call: str, title: str, stored: Any, paged_about: list[int]) -> None:
    ask = "is it the title that was given?"
    expect_state(f"the title of the row, after {call}", stored["title"], title, ask)
    if paged_about != [stored["id"]]:
        raise NotYet(
            call,
            got=f"paged about {show(paged_about)}",
            wanted=f"one page, about {stored['id']}",
            ask=_ask_about_page(paged_about),
        )


def _ask_about_page(paged_about: list[Any]) -> str:
    if len(paged_about) > 1:
        return "how often is `page` called for one alarm?"
    if isinstance(paged_about[0], int | str):
        return "which id did the INSERT return, and which line hands it to `page`?"
    return "which method of a session gives the value itself, and which one a result or a row?"


async def page_fails(answer: Answer, engine: Any, sessions: Any, error: Exception) -> None:
    """A page that fails leaves no row of its own, and takes none; the caller gets its error."""
    tries: list[int] = []

    async def page(incident_id: int) -> None:
        tries.append(incident_id)
        raise error

    kind, before = type(error), await count_incidents(answer)
    call = f"raise_alarm(sessions, 'Disk is full', page), where page raises {kind.__name__}"
    try:
        await answer.get()(sessions, "Disk is full", page)
    except kind:
        pass
    except Exception as other:
        raise NotYet(
            call,
            got=f"it raised {message(other)}",
            wanted=f"{kind.__name__} itself",
            ask="which error does the caller get to see?",
        ) from None
    else:
        kept = await count_incidents(answer) > before
        raise error_swallowed(answer, call, row_kept=kept)
    await _same_rows(answer, call, before)
    _one_page(call, len(tries))
    await expect_connection_returned(answer, engine, call)


async def _same_rows(answer: Answer, call: str, before: int) -> None:
    """After a page that failed: no row more, and none less."""
    rows = await count_incidents(answer)
    if rows > before:
        raise NotYet(
            call,
            got="the row is stored, and nobody was paged about it",
            wanted="no row",
            ask="does your commit also run when `page` has failed?",
        )
    ask = "which rows may a failing alarm remove?"
    expect_state("how many of the rows from before are still there", rows, before, ask)


def _one_page(call: str, pages: int) -> None:
    if pages != 1:
        got = f"{pages} pages went out"
        raise NotYet(call, got=got, wanted="1 page", ask="who asked for a second page?")


async def cancelled_while_it_pages(answer: Answer, engine: Any, sessions: Any) -> None:
    """Whoever cancels an alarm stops its page, too, and gets to know that it was stopped."""
    begun, sent = asyncio.Event(), asyncio.Event()

    async def page(_: int) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        sent.set()

    call, before = "raise_alarm(…), cancelled while it pages", await count_incidents(answer)
    task = asyncio.create_task(answer.get()(sessions, "Disk is full", page))
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])
    await asyncio.sleep(0.07)
    if await count_incidents(answer) != before:
        ask = "is CancelledError an Exception?"
        raise NotYet(call, got="the row is stored", wanted="no row", ask=ask)
    if sent.is_set():
        raise NotYet(
            call,
            got="the page went out all the same",
            wanted="a page that stops with its caller",
            ask="what does a cancellation stop, and what runs on without it?",
        )
    expect_cancelled(call, task)
    await expect_connection_returned(answer, engine, call)


async def insert_refused(answer: Answer, engine: Any, sessions: Any) -> None:
    """A row that a constraint refuses is nothing to wake anybody up for."""
    await answer.observer.execute(
        "ALTER TABLE incident ADD CONSTRAINT no_drill CHECK (title <> 'Drill')"
    )
    call = "raise_alarm(sessions, 'Drill', page), where a constraint refuses the row"
    if await _pages_of_refused(answer, sessions, "Drill", call):
        raise NotYet(
            call,
            got="somebody was paged about a row that never was",
            wanted="no page",
            ask="at which line is it known that there is a row to page about?",
        )
    await expect_connection_returned(answer, engine, call)


async def commit_fails(answer: Answer, engine: Any, sessions: Any) -> None:
    """A deferred constraint is checked by COMMIT, after the page went out."""
    insert = "INSERT INTO incident (title) VALUES ('Disk is full')"
    await answer.observer.execute(f"{UNIQUE_AT_COMMIT}; {insert}")
    call = "raise_alarm(sessions, 'Disk is full', page), whose COMMIT fails"
    _one_page(call, await _pages_of_refused(answer, sessions, "Disk is full", call))
    await expect_connection_returned(answer, engine, call)


async def _pages_of_refused(answer: Answer, sessions: Any, title: str, call: str) -> int:
    """Raise an alarm that the database refuses; the caller hears of it. How many pages went out."""
    pages: list[int] = []

    async def page(incident_id: int) -> None:
        pages.append(incident_id)

    try:
        await answer.get()(sessions, title, page)
    except Exception as error:
        if any(isinstance(each, exc.DBAPIError) for each in causes(error)):
            return len(pages)
        got = f"it raised {message(error)}"
    else:
        got = "no error came out"
    raise NotYet(
        call,
        got=got,
        wanted="the database's error, so that the caller knows",
        ask="what does the caller believe when the database's own error is dropped?",
    )
