"""Check of 00.concurrent: counts whose queries are inside the server at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from workbook.checks import outliving
from workbook.checks.answer import Answer, expect
from workbook.checks.lent_lists import expect_as_it_was
from workbook.checks.nb00 import meeting
from workbook.checks.nb00.awaited_calls import expect_error, expect_nothing_open, result_of
from workbook.checks.nb00.blocked_queries import (
    blocked_call,
    expect_cancellable,
    wait_for_tasks_since,
)
from workbook.checks.nb00.counts import are_counts
from workbook.checks.nb00.unusable_urls import ANOTHER_ADDRESS, NOBODY_LISTENS
from workbook.checks.verdict import Reason

CountByStatus = Callable[[str, list[str]], Awaitable[Any]]

_STATUSES = ["open", "acknowledged", "resolved", "it's new", "%o%"]
_TWO = ("open", "resolved")
_SPELT = "count_by_status(url, ['Open'])"
_CALL_WITH_TWO = "count_by_status(url, ['open', 'resolved'])"


_MEETING = meeting.Meeting(
    results="the right counts",
    each="status",
    fewer="which query counts one status and no other, and how many of those can wait together?",
)
_WITHOUT_GATHER = Reason(
    "Every count has begun before the first one is waited for, and each has a connection of its"
    " own, so the backends work side by side. Each result is kept for the status that it belongs"
    " to, whichever comes first. The reference does it with `asyncio.gather`."
)


async def check(answer: Answer) -> Reason | None:
    """The same counts, their queries inside the server at once; nothing left open."""
    count_by_status = answer.get()
    await meeting.prepare(answer)
    await _counts(answer, count_by_status)
    call = "count_by_status(url, [])"
    got = await result_of(call, count_by_status(answer.url, []))
    ask = "what should come back when nothing is asked?"
    expect(call, got, {}, outliving.question(got, {}, ask))
    await _table_goes(answer, count_by_status)
    await _nobody_listens(count_by_status)
    await _server_is_full(answer, count_by_status)
    await meeting.end(answer)
    ask = "are two spellings one status?"
    got = await result_of(_SPELT, count_by_status(answer.url, ["Open"]))
    expect(_SPELT, got, {"Open": 0}, ask)
    running = count_by_status(answer.url, list(_TWO))
    await expect_cancellable(answer, _CALL_WITH_TWO, running, len(_TWO))
    call = "count_by_status(url, statuses), with twelve statuses"
    await meeting.expect_no_limit(
        answer, call, "status", lambda n: count_by_status(answer.url, [f"status {i}" for i in n])
    )
    return None if meeting.is_begun_by_gather(answer) else _WITHOUT_GATHER


async def _counts(answer: Answer, count_by_status: CountByStatus) -> None:
    call = f"count_by_status(url, {_STATUSES})"
    query = "SELECT status, count(*) FROM incident_rows GROUP BY status"
    found = dict(await answer.observer.fetch(query))
    lent = [*_STATUSES]
    got = await meeting.result_with_opener(answer, call, count_by_status(answer.url, lent))
    are_counts(answer, call, got, {each: found.get(each, 0) for each in _STATUSES})
    expect_as_it_was(call, lent, _STATUSES)
    await meeting.expect_met(answer, call, _MEETING)
    ask = "does each connection get closed by whoever opened it?"
    await expect_nothing_open(answer, call, ask)


async def _table_goes(answer: Answer, count_by_status: CountByStatus) -> None:
    """The table goes while both queries are inside the server: who is cancelled has connected."""
    call = f"{_CALL_WITH_TWO}, while the table is missing"
    before = asyncio.all_tasks()
    running = count_by_status(answer.url, list(_TWO))
    async with blocked_call(answer, running, len(_TWO)) as (locker, task):
        await locker.execute("DROP VIEW incident; COMMIT")
        await expect_error(
            call,
            task,
            (asyncpg.UndefinedTableError, ExceptionGroup),
            wanted="the error itself",
            ask="is a failed count a number?",
        )
    await wait_for_tasks_since(before)  # gather raises the first error while the other is there
    await expect_nothing_open(answer, call, "what runs on success and on error alike?")


_NOT_COUNTED = "is a status that nobody could count a status without incidents?"


async def _nobody_listens(count_by_status: CountByStatus) -> None:
    """A connection that the system refuses is not a count of none."""
    await expect_error(
        f"count_by_status('{NOBODY_LISTENS}', ['open', 'resolved'])",
        count_by_status(NOBODY_LISTENS, list(_TWO)),
        (OSError, ExceptionGroup),
        wanted="a ConnectionRefusedError, alone or in a group",
        ask=_NOT_COUNTED,
        if_found=ANOTHER_ADDRESS,
    )


async def _server_is_full(answer: Answer, count_by_status: CountByStatus) -> None:
    """A connection that a full server refuses is not a count of none; superusers get in always."""
    superuser = "SELECT rolsuper FROM pg_roles WHERE rolname = $1"
    if await answer.observer.fetchval(superuser, urlsplit(answer.url).username):
        return
    before = asyncio.all_tasks()
    await _limit_connections(answer, 0)
    try:
        await expect_error(
            f"{_CALL_WITH_TWO}, while the server is full",
            count_by_status(answer.url, list(_TWO)),
            (asyncpg.TooManyConnectionsError, ExceptionGroup),
            wanted="a TooManyConnectionsError, alone or in a group",
            ask=_NOT_COUNTED,
        )
        await wait_for_tasks_since(before)  # before there is room again for the other one
    finally:
        await _limit_connections(answer, -1)


async def _limit_connections(answer: Answer, connections: int) -> None:
    """Set how many connections the database lets in; -1 lifts the limit."""
    name = await answer.observer.fetchval("SELECT quote_ident(current_database())")
    await answer.observer.execute(f"ALTER DATABASE {name} CONNECTION LIMIT {connections}")
