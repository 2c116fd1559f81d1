"""The steps of the check of 01.nothing_left: alarms that work, fail, are refused or cancelled."""

import asyncio
from typing import Any

from sqlalchemy import exc

from workbook.checks.answer import Answer, expect
from workbook.checks.units import (
    ONCE,
    PagerDown,
    finished,
    in_use,
    kept,
    returned,
    rows,
    stopped,
    swallowed,
    tells,
)
from workbook.checks.verdict import NotYet

ERRORS = (
    PagerDown("the pager's service is down"),
    TimeoutError("the pager did not answer"),
    ConnectionError("the pager hung up"),
)
"""What a page may fail with: an error of the app's, and the two that a network brings."""


async def paged(answer: Answer, engine: Any, sessions: Any, title: str) -> None:
    """One page goes out before everybody sees the row, and afterwards the row is there."""
    pages: list[int] = []
    before = await rows(answer)
    seen: list[int] = []
    used: list[int] = []

    async def page(incident_id: int) -> None:
        await asyncio.sleep(0.02)  # a pager takes its time
        seen.append(await rows(answer) - before)
        used.append(in_use(engine))
        pages.append(incident_id)

    call = f"raise_alarm(sessions, {title!r}, page)"
    tasks = asyncio.all_tasks()
    got = await answer.get()(sessions, title, page)
    started = asyncio.all_tasks() - tasks
    if not pages:
        raise NotYet(
            call,
            "nobody was paged",
            "one page, about the id of the row",
            "is `page` called, and awaited?",
        )
    if seen[0]:
        raise NotYet(
            call,
            "while the page goes out, everybody sees the row already",
            "a row that becomes visible when the page went out",
            "at which line does the row become visible, and has the page gone out by then?",
        )
    if not used[0]:
        raise NotYet(
            call,
            "no connection of the sessions it was given is in use",
            "a session that `sessions` made",
            "who decides which database the alarm is written to?",
        )
    if await rows(answer) != before + 1:
        raise NotYet(
            call,
            f"{await rows(answer) - before} new rows are stored",
            "1 row",
            "when the page went out, who makes the row real?",
        )
    stored = await answer.observer.fetchrow("SELECT id, title FROM incident ORDER BY id DESC")
    expect(
        f"the title that {call} stored", stored["title"], title, "is it the title that was given?"
    )
    if pages != [stored["id"]]:
        raise NotYet(
            call,
            f"paged about {pages}",
            f"one page, about {stored['id']}",
            "was somebody paged, once, about the id of the row?",
        )
    expect(call, got, stored["id"], "which id does the caller get?")
    await returned(answer, engine, call)
    finished(started, call)
    kept(engine, call)


async def not_paged(answer: Answer, engine: Any, sessions: Any, error: Exception) -> None:
    """A page that fails leaves no row of its own, and takes none; the caller gets its error."""
    tries: list[int] = []

    async def page(incident_id: int) -> None:
        tries.append(incident_id)
        raise error

    kind = type(error)
    call = f"raise_alarm(sessions, 'Disk is full', page), where page raises {kind.__name__}"
    before = await rows(answer)
    try:
        await answer.get()(sessions, "Disk is full", page)
    except kind:
        pass
    except Exception as other:
        raise NotYet(
            call,
            f"{type(other).__name__} came out",
            f"{kind.__name__} itself",
            "which error does the caller get to see?",
        ) from None
    else:
        raise swallowed(call)
    if await rows(answer) > before:
        raise NotYet(
            call,
            "the row is stored, and nobody was paged about it",
            "no row",
            "at which line does the row become visible, and has the page gone out by then?",
        )
    expect(
        "the rows that were there before",
        await rows(answer),
        before,
        "which rows may a failing alarm remove?",
    )
    _once(call, len(tries))
    await returned(answer, engine, call)


def _once(call: str, pages: int) -> None:
    if pages != 1:
        raise NotYet(call, f"{pages} pages went out", "1 page", "who asked for a second page?")


async def page_cancelled(answer: Answer, engine: Any, sessions: Any) -> None:
    """Whoever cancels an alarm stops its page, too, and gets to know that it was stopped."""
    started, sent = asyncio.Event(), asyncio.Event()

    async def page(_: int) -> None:
        started.set()
        await asyncio.sleep(0.05)
        sent.set()

    call, before = "raise_alarm(…), cancelled while it pages", await rows(answer)
    task = asyncio.create_task(answer.get()(sessions, "Disk is full", page))
    await started.wait()
    task.cancel()
    await asyncio.wait([task])
    await asyncio.sleep(0.07)
    if await rows(answer) != before:
        raise NotYet(call, "the row is stored", "no row", "is CancelledError an Exception?")
    if sent.is_set():
        raise NotYet(
            call,
            "the page went out all the same",
            "a page that stops with its caller",
            "what does a cancellation stop, and what runs on without it?",
        )
    stopped(call, task)
    await returned(answer, engine, call)


async def insert_refused(answer: Answer, engine: Any, sessions: Any) -> None:
    """A row that a constraint refuses is nothing to wake anybody up for."""
    await answer.observer.execute(
        "ALTER TABLE incident ADD CONSTRAINT no_drill CHECK (title <> 'Drill')"
    )
    call = "raise_alarm(sessions, 'Drill', page), where a constraint refuses the row"
    pages = await _fails(answer, sessions, "Drill", call)
    if pages:
        raise NotYet(
            call,
            "somebody was paged about a row that never was",
            "no page",
            "at which line is it known that there is a row to page about?",
        )
    await returned(answer, engine, call)


async def commit_fails(answer: Answer, engine: Any, sessions: Any) -> None:
    """A deferred constraint is checked by COMMIT, after the page went out."""
    await answer.observer.execute(f"{ONCE}; INSERT INTO incident (title) VALUES ('Disk is full')")
    call = "raise_alarm(sessions, 'Disk is full', page), whose COMMIT fails"
    pages = await _fails(answer, sessions, "Disk is full", call)
    _once(call, pages)
    await returned(answer, engine, call)


async def _fails(answer: Answer, sessions: Any, title: str, call: str) -> int:
    """Raise an alarm that the database refuses; the caller hears of it. How many pages went out."""
    pages: list[int] = []

    async def page(incident_id: int) -> None:
        pages.append(incident_id)

    try:
        await answer.get()(sessions, title, page)
    except Exception as error:
        if tells(error, exc.DBAPIError):
            return len(pages)
        got = f"{type(error).__name__} came out"
    else:
        got = "no error came out"
    raise NotYet(
        call,
        got,
        "the database's error, so that the caller knows",
        "what does the caller believe when the database's own error is dropped?",
    )
