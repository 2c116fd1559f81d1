"""11.rule: a team keeps a lead, also when two step down at the same moment."""

import asyncio
from typing import Any

from sqlalchemy import exc

from workbook.base.waiting import eventually
from workbook.checks.answer import Answer, expect, expect_state
from workbook.checks.connections import own_connection
from workbook.checks.nb07.sessions import app_sessions
from workbook.checks.nb11.units import Units
from workbook.checks.verdict import NotYet

ADA, ELI, BEN = 1, 5, 2
"""Two of team 1, and one of team 2."""
LEADS = "UPDATE user_account SET role = 'lead' WHERE id = ANY ($1)"
LEFT = "SELECT id FROM user_account WHERE team_id = 1 AND role = 'lead' ORDER BY id"
PAUSE = """
CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(11); RETURN NULL; END';
CREATE TRIGGER pause AFTER UPDATE ON user_account FOR EACH ROW EXECUTE FUNCTION pause()
"""
"""Whoever has changed a user waits until nobody holds the lock with the number 11."""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
LATE = "Connection is already established"


async def check(answer: Answer) -> None:
    """Done, refused, and of two at once one; nothing else is changed."""
    function = answer.get()
    async with app_sessions() as sessions:
        units = Units(sessions)
        await _one_after_the_other(answer, function, units)
        await _two_at_once(answer, function, units)


async def _one_after_the_other(answer: Answer, function: Any, units: Units) -> None:
    await answer.observer.execute(LEADS, [ADA, ELI, BEN])
    await _steps_down(answer, function, units, ADA, True, [ELI], "which leads are counted?")
    ask = "who is counted: the leads of this team, or of all teams?"
    await _steps_down(answer, function, units, ELI, False, [ELI], ask)
    ask = "what does somebody who is no lead step down from?"
    await _steps_down(answer, function, units, ADA, False, [ELI], ask)
    await answer.observer.execute(LEADS, [9])
    await _steps_down(answer, function, units, ADA, False, [ELI, 9], ask)


async def _steps_down(
    answer: Answer, function: Any, units: Units, user: int, wanted: bool, left: list[int], ask: str
) -> None:
    leads = [row["id"] for row in await answer.observer.fetch(LEFT)]
    call = f"step_down(session, {user}), where the leads of team 1 are {leads}"
    expect(call, await units(lambda session: function(session, user)), wanted, ask)
    rows = [row["id"] for row in await answer.observer.fetch(LEFT)]
    expect_state(f"{call}: the leads after the commit", rows, left, ask)


async def _two_at_once(answer: Answer, function: Any, units: Units) -> None:
    """Both have changed their row, or wait for the other, before either may commit."""
    await answer.observer.execute("UPDATE user_account SET role = 'member'")
    await answer.observer.execute(LEADS, [ADA, ELI])
    await answer.observer.execute(PAUSE)

    async def asks(user: int) -> Any:
        return await units(lambda session: function(session, user))

    async with own_connection(answer) as holder:
        await holder.execute("SELECT pg_advisory_lock(11)")
        asked = [asyncio.create_task(asks(user)) for user in (ADA, ELI)]
        await _both_wait(answer, asked)
        await holder.execute("SELECT pg_advisory_unlock(11)")
        ended = await asyncio.gather(*asked, return_exceptions=True)
    _judge(answer, ended, [row["id"] for row in await answer.observer.fetch(LEFT)])


async def _both_wait(answer: Answer, asked: list["asyncio.Task[Any]"]) -> None:
    async def met() -> bool:
        ended = sum(each.done() for each in asked)
        return int(await answer.observer.fetchval(WAITING)) + ended >= 2

    await eventually(met, timeout=1.5, interval=0.01)


def _judge(answer: Answer, ended: list[Any], left: list[int]) -> None:
    call = "step_down(session, 1) and step_down(session, 5) at once, the only leads"
    for each in ended:
        if isinstance(each, exc.DBAPIError):
            raise NotYet(
                call,
                got=f"one raised {type(each).__name__}: {each.orig}".splitlines()[0],
                wanted="True for one, and False for the other",
                ask=_about(each),
            )
        if isinstance(each, BaseException):
            raise each
    if not left:
        raise NotYet(
            call,
            got=f"they returned {ended}, and nobody leads the team any more",
            wanted="True for one, False for the other, and a lead",
            ask=_how_both(answer),
        )
    expect_state(f"{call}: what they returned, sorted", sorted(ended), [False, True], "who stays?")


def _about(error: exc.DBAPIError) -> str:
    state = getattr(error.orig, "sqlstate", "")
    if state == "40P01":
        return "in which order does each of the two lock its rows?"
    return "what does your lock do about a row that somebody has: wait, raise, or skip?"


def _how_both(answer: Answer) -> str:
    """What let both of them step down."""
    if any(LATE in str(each.message) for each in answer.complaints):
        return "when has a transaction its isolation level: before its first statement, or later?"
    if answer.called() & {"Lock", "Semaphore"}:
        return "who but this process knows your lock?"
    return "by which rows did each decide, and what kept the other from changing them?"
