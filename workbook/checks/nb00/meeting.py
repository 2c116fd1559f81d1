"""Queries of an answer that meet inside the server, or do not; its results, and which it was.

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

    no query is sent (`asked`)        results that come from elsewhere
    one query after the other (`met`) A waits two seconds alone, moves `gave_up`, and nobody waits
                                      any more: the answer is in time, and `met` says what it was
    the event loop blocks (`opened`)  five threads may meet, but the task of the check stands still
                                      until they have given up
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

from workbook.checks import busy
from workbook.checks.answer import Answer
from workbook.checks.nb00.awaited_calls import result_of
from workbook.checks.verdict import NotYet

_FIVE = 5
"""How many queries have to meet at first."""
_TWELVE = 12
"""How many have to meet in the end: more than a pool of the driver's has connections by itself."""
_RENDEZVOUS = Path(__file__).with_name("rendezvous.sql")


_TASKS = {"create_task", "ensure_future", "wait", "TaskGroup"}
"""What begins calls by itself, so that a `gather` which comes later begins none."""


def is_begun_by_gather(answer: Answer) -> bool:
    """Whether `gather` begins the queries of this answer."""
    called = answer.called()
    return "gather" in called and not called & _TASKS


Ask = Callable[[list[int]], Awaitable[Any]]


class Meeting(NamedTuple):
    """How an answer's results are called, and what to say of fewer than five queries."""

    results: str
    """With an article: `the right counts`."""
    each: str
    """What has a query of its own: `status`."""
    fewer: str
    """The question where one query stands for several."""


_AGAIN = f"""
ALTER TABLE incident RENAME TO incident_rows;
ALTER SEQUENCE asked RESTART; ALTER SEQUENCE met RESTART;
ALTER SEQUENCE opened RESTART; ALTER SEQUENCE gave_up RESTART;
CREATE VIEW incident AS SELECT * FROM incident_rows WHERE (SELECT meet({_TWELVE}));
GRANT SELECT ON incident TO PUBLIC;
"""


async def prepare(answer: Answer) -> None:
    """Let every query on `incident` wait; the table itself is `incident_rows` from now on."""
    await answer.observer.execute(_RENDEZVOUS.read_text("utf-8"))


async def end(answer: Answer) -> None:
    """Take the view away, so that nobody waits any more."""
    sql = "DROP VIEW IF EXISTS incident; ALTER TABLE incident_rows RENAME TO incident"
    await answer.observer.execute(sql)


async def expect_no_limit(answer: Answer, call: str, each: str, ask: Ask) -> None:
    """NotYet where some of twelve queries wait for a place, although five met.

    `ask` is called with twelve numbers, and calls the answer with as many of what it is given.
    """
    await answer.observer.execute(_AGAIN)
    await result_with_opener(answer, call, ask([*range(_TWELVE)]))
    for sequence in ("met", "opened"):
        if not await answer.observer.fetchval(f"SELECT is_called FROM {sequence}"):
            raise NotYet(
                call,
                got="of twelve, some began only when others had ended",
                wanted=f"a query for each {each}, all twelve side by side",
                ask="how many can your code have under way at once, and which line says so?",
            )
    await end(answer)


async def result_with_opener(
    answer: Answer, call: str, returned: Any, ask_of_tasks: str = ""
) -> Any:
    """What the call gives, while a task of our own lets the queries out that have met."""
    ended = asyncio.Event()
    opener = asyncio.create_task(_let_out(answer, ended))
    try:
        return await result_of(call, returned, ask_of_tasks)
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
    ("asked", "no query arrived", "a query for each {each}", "where do the {what} come from?"),
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


async def expect_met(answer: Answer, call: str, meeting: Meeting) -> None:
    """NotYet unless five queries were inside the server together, and the event loop was free."""
    words = {"each": meeting.each, "what": meeting.results.split()[-1]}
    for sequence, happened, wanted, ask in _FLAGS:
        if not await answer.observer.fetchval(f"SELECT is_called FROM {sequence}"):
            got = f"{meeting.results}, and {happened}"
            wanted, ask = wanted.format_map(words), ask.format_map(words)
            raise NotYet(call, got=got, wanted=wanted, ask=ask)
        if sequence == "asked":
            await _one_for_each(answer, call, meeting)


async def _one_for_each(answer: Answer, call: str, meeting: Meeting) -> None:
    """Fewer queries than results answer several at once, which is another function."""
    queries = await answer.observer.fetchval("SELECT last_value FROM asked")
    if queries < _FIVE:
        got = f"{meeting.results}, from {queries} quer{'y' if queries == 1 else 'ies'}"
        wanted = f"a query for each {meeting.each}, side by side"
        raise NotYet(call, got=got, wanted=wanted, ask=meeting.fewer)
