"""11.order: whoever locks several incidents locks them in one order, so that no circle arises."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import permutations
from typing import Any

from sqlalchemy import event, exc

from workbook.base.waiting import eventually
from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.connections import own_connection
from workbook.checks.messages import message
from workbook.checks.nb07.loads import no_row
from workbook.checks.nb07.sessions import Sessions, app_sessions, callers_session
from workbook.checks.nb11.schema import bring_up_to_date
from workbook.checks.statements import statements_of_every_engine
from workbook.checks.verdict import NotYet, Reason

IDS = (4, 7, 12)
"""Two of them lie in one place of a set of Python's, which then has them as they came."""
ASKED = [12, 4, 9999, 7]
LOCKED = "SELECT id FROM incident WHERE id <> ALL (SELECT id FROM incident FOR UPDATE SKIP LOCKED)"
SHARED = LOCKED.replace("FOR UPDATE", "FOR SHARE")
"""The rows that nobody else may lock, not even to read on."""
MOVE = "UPDATE incident SET title = title || '.' WHERE id = $1"
ALIKE = """
UPDATE incident SET (title, severity, status, opened_at, team_id) =
(SELECT title, severity, status, opened_at, team_id FROM incident WHERE id = 4)
WHERE id = ANY ($1)
"""
"""Only the id tells them apart: another order does not say which of two comes first."""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
UNASKED = "in which order do rows come where none is asked for?"
TIES = "does the statement that locks ask for an order, and does that tell any two apart?"
ORDER = "who chooses the order in which you lock?"

ONE_BY_ONE = (
    "Where all lock in one order, whoever waits holds only what comes earlier in it, and whoever is"
    " waited for wants only what comes later. So no circle closes. Here a statement locks one row,"
    " and the order is that of your loop; where one statement locks them all, `ORDER BY` is part of"
    " the lock."
)


async def check(answer: Answer) -> Reason | None:
    """All of them, locked, unknown ones left out; and the same order for every call."""
    function = answer.get()
    await bring_up_to_date(answer)
    await answer.observer.execute(ALIKE, IDS)
    async with app_sessions() as sessions:
        event.listen(sessions.kw["bind"].sync_engine, "connect", _rows_as_they_lie)
        await _opens_its_connection(function, sessions)
        await _locks_all(answer, function, sessions)
        if await _one_at_a_time(answer, function, sessions):
            return None
        await _does_not_depend_on_the_table(answer, function, sessions)
        return await _has_one_order(answer, function, sessions)


def _rows_as_they_lie(connection: Any, _record: Any) -> None:
    """No index puts rows in order by the way: a statement that asks for no order gets none."""
    cursor = connection.cursor()
    for each in ("indexscan", "indexonlyscan", "bitmapscan"):
        cursor.execute(f"SET enable_{each} = off")
    cursor.close()
    connection.commit()


async def _opens_its_connection(function: Any, sessions: Sessions) -> None:
    """As the first work of a process: where two tasks share the session, the dictionary says so."""
    await sessions.kw["bind"].dispose()
    try:
        async with sessions() as session:
            await function(session, [12, 4])
    except exc.InvalidRequestError as error:
        raise NotYet(
            "get_all_to_change(session, [12, 4])",
            got=f"it raised {message(error)}",
            wanted="locks that are taken one after the other, in the transaction of one session",
            ask="how many tasks use the session at the same moment?" if _shares(error) else "",
        ) from None


def _shares(error: Exception) -> bool:
    """Whether the session says that another call of it has not come back yet."""
    return "already in progress" in str(error) or "concurrent operations" in str(error)


async def _locks_all(answer: Answer, function: Any, sessions: Sessions) -> None:
    call, given = f"get_all_to_change(session, {ASKED})", [*ASKED]
    async with callers_session(answer, sessions, call) as session:
        found = await function(session, given)
        over = not session.in_transaction()
        expect_state(f"{call}: the caller's list after it", given, ASKED, "whose list is it?")
        if not isinstance(found, list | tuple):
            ask = "which method of a result gives a list of what is in it?"
            raise NotYet(call, got=f"it returned {show(found)}", wanted="incidents", ask=ask)
        if None in found:
            ask = "what is in your list for an id that no incident has?"
            got = f"None is in what it returned, {len(found)} long"
            raise NotYet(call, got=got, wanted="incidents, and nothing else", ask=ask)
        for each in found:
            no_row(call, each, "incidents")
        ids = sorted(getattr(each, "id", show(each)) for each in found)
        ask = "which incidents were asked for?"
        if "Incident.id in ids" in answer.source():
            ask = "who is asked by `in`: Python or PostgreSQL?"
        expect_state(f"{call}: the ids, sorted", ids, list(IDS), ask)
        ask = "which rows can somebody else still change, when you have them?"
        if over:
            ask = "whose commit is it, and what ends with it?"
        locked = [row["id"] for row in await answer.observer.fetch(f"{LOCKED} ORDER BY id")]
        expect_state(f"{call}: the ids of the rows that are locked then", locked, list(IDS), ask)
        alone = [row["id"] for row in await answer.observer.fetch(f"{SHARED} ORDER BY id")]
        ask = "if two have this lock at once, and then both write: who waits for whom?"
        what = f"{call}: the ids of the rows that nobody else can lock then"
        expect_state(what, alone, list(IDS), ask)


async def _one_at_a_time(answer: Answer, function: Any, sessions: Sessions) -> bool:
    """Whether a call waits for another one that has nothing in common: no circle arises so."""
    async with sessions() as one, sessions() as two:
        await function(one, [4])
        asking = asyncio.ensure_future(function(two, [12]))
        await _waits(answer, asking)
        waited = not asking.done()
        await one.rollback()
        await asking
    return waited


async def _does_not_depend_on_the_table(answer: Answer, function: Any, sessions: Sessions) -> None:
    """A row that is changed moves within the table; without an order, so does its turn."""
    had = []
    with statements_of_every_engine() as sent:
        for moved in (*IDS, *reversed(IDS)):
            await answer.observer.execute(MOVE, moved)
            had.append(await _locked_before(answer, function, sessions, IDS, 7))
    if different := [each for each in had if each != had[0]]:
        raise NotYet.looked_at(
            f"calls with {list(IDS)} that wait for the row 7: which rows each has locked by then",
            got=f"first {had[0] or 'none'}, and then, when a row has been changed, {different[0]}",
            wanted="the same rows each time",
            ask=_of_a_list(sent) or UNASKED,
        )


def _of_a_list(sent: Sequence[str]) -> str:
    """What to ask whoever lets one statement lock several rows: PostgreSQL chooses their order.

    Which way it takes may change within a check, when its statistics are new.
    """
    locking = [each for each in sent if " FOR " in each]
    if not all(" IN (" in each or "ANY (" in each for each in locking):
        return ""  # one by one: Python chooses
    return TIES if any("ORDER BY" in each for each in locking) else UNASKED


async def _has_one_order(answer: Answer, function: Any, sessions: Sessions) -> Reason | None:
    """Which rows a call has locked while it waits for one: the same for every order of the ids."""
    with statements_of_every_engine() as sent:
        for waits_for in IDS:
            had = {
                ids: await _locked_before(answer, function, sessions, ids, waits_for)
                for ids in permutations(IDS)
            }
            (one, first), *others = had.items()
            for other, second in others:
                if first != second:
                    raise _two_orders(waits_for, (one, first), (other, second), sent)
        await _agree(answer, function, sessions, sent)
    return None if _of_a_list(sent) else Reason(ONE_BY_ONE)


def _two_orders(row: int, one: Any, other: Any, sent: Sequence[str]) -> NotYet:
    return NotYet.looked_at(
        f"two calls that wait for the row {row}: which rows each has locked by then",
        got=f"{list(one[0])} has {one[1] or 'none'}, {list(other[0])} has {other[1] or 'none'}",
        wanted="the same rows, whatever the order of the ids",
        ask=_of_a_list(sent) or ORDER,
    )


async def _agree(answer: Answer, function: Any, sessions: Sessions, sent: Sequence[str]) -> None:
    """Where two rows are asked for together with others or not, their order is the same."""
    alone = await _locked_before(answer, function, sessions, (12, 4), 12)
    among = await _locked_before(answer, function, sessions, (12, 7, 4), 12)
    if (4 in alone) != (4 in among):
        raise _two_orders(12, ((12, 4), alone), ((12, 7, 4), among), sent)


async def _locked_before(
    answer: Answer, function: Any, sessions: Sessions, ids: Sequence[int], waits_for: int
) -> list[int]:
    """What a call has locked when it waits for a row that another transaction holds."""
    call = f"get_all_to_change(session, {list(ids)}), while somebody has locked the row {waits_for}"
    async with _held(answer, waits_for) as release, sessions() as session:
        asking = asyncio.ensure_future(function(session, list(ids)))
        await _waits(answer, asking)
        if asking.done() and not asking.exception():
            got = sorted(each.id for each in asking.result())
            ask = "which incidents are missing, where somebody else has one in hand?"
            what = f"{call}: the ids that it returned, without having waited"
            expect_state(what, got, "none before the row is free", ask)
        rows = await answer.observer.fetch(f"{LOCKED} ORDER BY id")
        await release()
        await _ends(call, asking)
    return [row["id"] for row in rows if row["id"] != waits_for]


async def _ends(call: str, asking: "asyncio.Future[Any]") -> None:
    try:
        await asking
    except exc.DBAPIError as error:
        got = f"it raised {type(error).__name__}: {error.orig}".splitlines()[0]
        ask = "what does your lock do about a row that somebody has: wait, raise, or skip?"
        raise NotYet(call, got=got, wanted="it waits for that row", ask=ask) from None


@asynccontextmanager
async def _held(answer: Answer, row: int) -> AsyncIterator[Any]:
    """The row is locked by another transaction, until what comes is called."""
    async with own_connection(answer) as holder:
        await holder.execute("BEGIN")
        await holder.execute(f"SELECT id FROM incident WHERE id = {row} FOR UPDATE")
        yield lambda: holder.execute("ROLLBACK")


async def _waits(answer: Answer, asking: "asyncio.Future[Any]") -> None:
    async def met() -> bool:
        return asking.done() or bool(await answer.observer.fetchval(WAITING))

    await eventually(met, timeout=1.5, interval=0.005)
