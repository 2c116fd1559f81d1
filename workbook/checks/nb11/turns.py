"""11.rule: in which order a call locks the leads, where it locks them: the same for every call."""

import asyncio
from typing import Any

from sqlalchemy import event

from workbook.checks import busy
from workbook.checks.answer import Answer
from workbook.checks.connections import own_connection
from workbook.checks.nb07.sessions import Sessions
from workbook.checks.nb11.order import TIES, UNASKED
from workbook.checks.statements import statements_of_every_engine
from workbook.checks.verdict import NotYet

MOVE = "UPDATE user_account SET name = name WHERE id = $1"
"""The row lies behind the others then, where no order is asked for."""
HOLD = "SELECT FROM user_account WHERE id = $1 FOR UPDATE"
LOCKED = """
SELECT id FROM user_account WHERE id = ANY ($1) AND id <> ALL (
  SELECT id FROM user_account FOR UPDATE SKIP LOCKED) ORDER BY id
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
FOR_A_USER = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'tuple' AND relation = 'user_account'::regclass
"""
"""Who waits for a row is the first in its queue, which is a lock on the row's place."""


async def is_the_same(answer: Answer, function: Any, sessions: Sessions, leads: list[int]) -> None:
    """What a call has locked when it waits for a lead, wherever the rows lie."""
    if not await _waits_for_a_user(answer, function, sessions, leads):
        return
    engine = sessions.kw["bind"]
    await engine.dispose()
    event.listen(engine.sync_engine, "connect", _rows_as_they_lie)
    try:
        for held in leads:
            await _wherever_they_lie(answer, function, sessions, leads, held)
    finally:
        event.remove(engine.sync_engine, "connect", _rows_as_they_lie)
        await engine.dispose()


def _rows_as_they_lie(connection: Any, _record: Any) -> None:
    """No index puts rows in order by the way."""
    cursor = connection.cursor()
    for each in ("indexscan", "indexonlyscan", "bitmapscan"):
        cursor.execute(f"SET enable_{each} = off")
    cursor.close()
    connection.commit()


async def _waits_for_a_user(
    answer: Answer, function: Any, sessions: Sessions, leads: list[int]
) -> bool:
    """Whether a call waits for another's lead: not where one lock stands before all of them."""
    async with sessions() as one, sessions() as two:
        await function(one, leads[0])
        asking = asyncio.ensure_future(function(two, leads[1]))
        await _waits(answer, asking)
        waits = bool(await answer.observer.fetchval(FOR_A_USER))
        await one.rollback()
        await asking
    return waits


async def _wherever_they_lie(
    answer: Answer, function: Any, sessions: Sessions, leads: list[int], held: int
) -> None:
    had = []
    with statements_of_every_engine() as sent:
        for moved in (*leads, *reversed(leads)):
            await answer.observer.execute(MOVE, moved)
            had.append(await _locked_before(answer, function, sessions, leads, held))
    if different := [each for each in had if each != had[0]]:
        locking = [each for each in sent if "FOR UPDATE" in each or "FOR NO KEY" in each]
        raise NotYet.looked_at(
            f"calls that wait for the row of lead {held}: which leads each has locked by then",
            got=f"first {had[0] or 'none'}, and then, when a row has been changed, {different[0]}",
            wanted="the same rows each time: two that lock in two orders wait for each other",
            ask=TIES if any("ORDER BY" in each for each in locking) else UNASKED,
        )


async def _locked_before(
    answer: Answer, function: Any, sessions: Sessions, leads: list[int], held: int
) -> list[int]:
    """The other leads that a call has locked when it waits for one that somebody holds."""
    async with own_connection(answer) as holder, sessions() as session:
        await holder.execute("BEGIN")
        await holder.execute(HOLD, held)
        asking = asyncio.ensure_future(function(session, leads[-1]))
        await _waits(answer, asking)
        others = [each for each in leads if each != held]
        rows = await answer.observer.fetch(LOCKED, others)
        await holder.execute("ROLLBACK")
        await asking
        await session.rollback()
    return [row["id"] for row in rows]


async def _waits(answer: Answer, asking: "asyncio.Future[Any]") -> None:
    async def met() -> bool:
        return asking.done() or bool(await answer.observer.fetchval(WAITING))

    await busy.eventually(met, timeout=1.5, interval=0.005)
