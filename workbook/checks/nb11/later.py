"""11.later: a team gets more minutes, up to sixty, also when two give it some at once."""

import asyncio
import re
from typing import Any

from sqlalchemy import exc

from workbook.base.waiting import eventually
from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.messages import message
from workbook.checks.nb07.sessions import Sessions, app_sessions, callers_session
from workbook.checks.statements import statements_of_every_engine
from workbook.checks.verdict import NotYet, Reason

CALL = "later(session, 1, 5)"
GIVE = "UPDATE team SET escalate_after = $1 + id"
STORED = "SELECT escalate_after FROM team WHERE id = 1"
OTHERS = "SELECT count(*) FROM team WHERE escalate_after <> 10 + id AND id <> 1"
WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
WAITS = "what does your lock do about a row that somebody has: wait, raise, or skip?"
BOTH_READ = "if two have this lock at once, and then both write: who waits for whom?"
MANY = "how many minutes does the team have now, and what is the most that it may have?"
OLD = "which number did you begin with, and who may have changed it before your change?"
STANDS_FOR_IT = "is that the number itself, or something that stands for it?"
BY_POSTGRESQL = re.compile(r"(?is)UPDATE team SET .*(?:least\(|CASE|escalate_after \+)")
"""An UPDATE whose number is computed where the row is."""
COMPUTED = (
    "PostgreSQL computes the new number when the UPDATE has locked the row, and the lock stays"
    " until the COMMIT. So whoever comes second waits, and adds to what the first has left. No"
    " person thinks meanwhile: the wait is short, and nobody is refused."
)


async def check(answer: Answer) -> Reason | None:
    """Five more, sixty at most, one team alone; two at once both count, and nobody is refused."""
    later = answer.get()
    async with app_sessions() as sessions:
        with statements_of_every_engine() as sent:
            for had, wanted in ((10, 16), (50, 56), (57, 60)):
                await _alone(answer, later, sessions, had, wanted)
        await _at_once(answer, later, sessions, 10, (16, 21))
        await _at_once(answer, later, sessions, 52, (58, 60))
    return Reason(COMPUTED) if any(map(BY_POSTGRESQL.search, sent)) else None


async def _alone(answer: Answer, later: Any, sessions: Sessions, had: int, wanted: int) -> None:
    """One call, whose caller commits; team 1 had one more than what all teams are given."""
    await answer.observer.execute(GIVE, had)
    call = f"{CALL}, of a team that had {had + 1} minutes"
    async with callers_session(answer, sessions, call) as session:
        expect_state(f"{call}: what it returned", await _said(call, later, session), wanted, MANY)
        seen = f"{call}: the minutes that others see before the caller's commit"
        early = await answer.observer.fetchval(STORED)
        expect_state(seen, early, had + 1, "whose commit is it?")
    await _is_stored(answer, call, wanted, "what becomes of the number that you returned?")
    if had == 10:
        ask = "whose minutes does your statement change?"
        seen = f"{call}: how many other teams have other minutes than before"
        expect_state(seen, await answer.observer.fetchval(OTHERS), 0, ask)


async def _said(call: str, later: Any, session: Any) -> int:
    """What it returned; NotYet where that is no number, or where it raised an error of SQL."""
    try:
        got = await later(session, 1, 5)
    except (exc.DBAPIError, exc.NoResultFound) as error:
        got_instead = f"it raised {message(error)}"
        raise NotYet(call, got=got_instead, wanted="a number", ask=WAITS) from None
    if type(got) is not int:
        ask = "which line gives the caller the number?" if got is None else STANDS_FOR_IT
        raise NotYet(call, got=f"it returned {show(got)}", wanted="a number", ask=ask)
    return got


async def _is_stored(answer: Answer, call: str, wanted: int, ask: str) -> None:
    seen = f"{call}: the minutes that are stored, when the caller has committed"
    expect_state(seen, await answer.observer.fetchval(STORED), wanted, ask)


async def _at_once(
    answer: Answer, later: Any, sessions: Sessions, had: int, wanted: tuple[int, int]
) -> None:
    """The second call comes while the first has given its minutes and not committed."""
    await answer.observer.execute(GIVE, had)
    call = f"{CALL}, twice at once, of a team that had {had + 1} minutes"
    try:
        both = await _one_behind_the_other(answer, call, later, sessions)
    except exc.DBAPIError as error:
        got = f"it raised {message(error)}"
        raise NotYet(call, got=got, wanted="no error, and both count", ask=BOTH_READ) from None
    await _is_stored(answer, call, wanted[1], OLD)
    expect_state(f"{call}: what the two returned", both, wanted, OLD)


async def _one_behind_the_other(
    answer: Answer, call: str, later: Any, sessions: Sessions
) -> tuple[int, int]:
    async with sessions() as first:
        mine = await _said(call, later, first)
        second = asyncio.create_task(_in_own_session(call, later, sessions))
        try:
            await eventually(lambda: _waits(answer, second), timeout=1.5, interval=0.005)
            await first.commit()
        finally:
            await first.rollback()
            await asyncio.wait([second])
    return mine, second.result()


async def _in_own_session(call: str, later: Any, sessions: Sessions) -> int:
    async with sessions.begin() as session:
        return await _said(call, later, session)


async def _waits(answer: Answer, task: "asyncio.Task[int]") -> bool:
    return task.done() or bool(await answer.observer.fetchval(WAITING))
