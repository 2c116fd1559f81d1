"""Check of 00.concurrent: five counts, with five queries inside the server at the same time.

`rendezvous.sql` puts a view in the place of the table: whoever asks it waits inside the server.
A to E are the five queries of a right answer, in the order in which they arrive there.

    seconds  queries of the answer                            task of the check
    0.0      A arrives, and waits: one is inside              asks every 0.01 s: have they met?
             B, C, D arrive, and wait
             E arrives: five are inside, it moves `met`
    + 0.01                                                    sees `met`, moves `opened`
    + 0.02   E returns, since nobody came later;
             D when E's transaction has ended, then C, B, A

What goes wrong, and the flag that stays where it was:

    no query is sent (`asked`)        numbers that come from elsewhere
    one query after the other (`met`) A waits two seconds alone, moves `gave_up`, and nobody waits
                                      any more: the answer is in time, and `met` says what it was
    the event loop blocks (`opened`)  five threads may meet, but the task of the check stands still
                                      until they have given up
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from workbook.checks import busy
from workbook.checks.answer import Answer, expect
from workbook.checks.nb00.awaited_calls import expect_error, expect_nothing_open, result_of
from workbook.checks.nb00.blocked_queries import (
    blocked_call,
    expect_cancellable,
    wait_for_tasks_since,
)
from workbook.checks.nb00.counts import are_counts
from workbook.checks.nb00.unusable_urls import NOBODY_LISTENS
from workbook.checks.verdict import NotYet, Reason

CountByStatus = Callable[[str, list[str]], Awaitable[Any]]

_RENDEZVOUS = Path(__file__).with_name("rendezvous.sql")
_STATUSES = ["open", "acknowledged", "resolved", "it's new", "%o%"]
_TWO = ("open", "resolved")
_CALL_WITH_TWO = "count_by_status(url, ['open', 'resolved'])"


_WITHOUT_GATHER = Reason(
    "Every count has begun before the first one is waited for, and each has a connection of its"
    " own, so the backends work side by side. Each result is kept for the status that it belongs"
    " to, whichever comes first. The reference does it with `asyncio.gather`."
)


async def check(answer: Answer) -> Reason | None:
    """The same counts, with five queries inside the server at once; nothing left open."""
    count_by_status = answer.get()
    await answer.observer.execute(_RENDEZVOUS.read_text("utf-8"))
    await _counts(answer, count_by_status)
    expect(
        "count_by_status(url, [])",
        await count_by_status(answer.url, []),
        {},
        "what should come back when nothing is asked?",
    )
    await _table_goes(answer, count_by_status)
    await _nobody_listens(count_by_status)
    await _server_is_full(answer, count_by_status)
    await answer.observer.execute("ALTER TABLE incident_rows RENAME TO incident")
    running = count_by_status(answer.url, list(_TWO))
    await expect_cancellable(answer, _CALL_WITH_TWO, running, len(_TWO))
    return None if "gather" in answer.called() else _WITHOUT_GATHER


async def _counts(answer: Answer, count_by_status: CountByStatus) -> None:
    call = f"count_by_status(url, {_STATUSES})"
    query = "SELECT status, count(*) FROM incident_rows GROUP BY status"
    found = dict(await answer.observer.fetch(query))
    got = await _result_with_opener(answer, call, count_by_status(answer.url, _STATUSES))
    are_counts(answer, call, got, {each: found.get(each, 0) for each in _STATUSES})
    await _side_by_side(answer, call)
    ask = "does each connection get closed by whoever opened it?"
    await expect_nothing_open(answer, call, ask)


async def _result_with_opener(answer: Answer, call: str, returned: Any) -> Any:
    """What the call gives, while a task of our own lets the queries out that have met."""
    ended = asyncio.Event()
    opener = asyncio.create_task(_let_out(answer, ended))
    try:
        return await result_of(call, returned)
    finally:
        ended.set()
        await opener


async def _let_out(answer: Answer, ended: asyncio.Event) -> None:
    """Wait three seconds at most until the queries have met, and move `opened`."""
    opened = "SELECT CASE WHEN is_called THEN nextval('opened') END FROM met"

    async def is_over() -> bool:
        return ended.is_set() or bool(await answer.observer.fetchval(opened))

    await busy.eventually(is_over, timeout=3, interval=0.01)


_FLAGS = [
    ("asked", "no query arrived", "a query for each status", "where do the numbers come from?"),
    (
        "met",
        "not all at the same time",
        "all five side by side",
        "does the last query start before the first has answered?",
    ),
    (
        "opened",
        "the event loop stood still",
        "a loop that is free for other tasks",
        "which line waits without an `await`?",
    ),
]
"""The sequences that have moved where all is well; what it means where one has not."""
_FEWER = "which query counts one status and no other, and how many of those can wait together?"


async def _side_by_side(answer: Answer, call: str) -> None:
    for sequence, happened, wanted, ask in _FLAGS:
        if not await answer.observer.fetchval(f"SELECT is_called FROM {sequence}"):
            got = f"the right counts, and {happened}"
            raise NotYet(call, got=got, wanted=wanted, ask=ask)
        if sequence == "asked":
            await _one_for_each_status(answer, call)


async def _one_for_each_status(answer: Answer, call: str) -> None:
    """Fewer queries than statuses count several statuses at once, which is another function."""
    queries = await answer.observer.fetchval("SELECT last_value FROM asked")
    if queries < len(_STATUSES):
        got = f"the right counts, from {queries} quer{'y' if queries == 1 else 'ies'}"
        raise NotYet(call, got=got, wanted="a query for each status, side by side", ask=_FEWER)


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
