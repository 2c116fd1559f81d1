"""11.rule: a team keeps a lead, also when two step down at the same moment."""

import asyncio
import functools
from typing import Any, NamedTuple

from sqlalchemy import exc

from workbook.base.waiting import eventually
from workbook.checks.answer import Answer, expect, expect_state
from workbook.checks.connections import app_engine, own_connection
from workbook.checks.messages import message
from workbook.checks.nb07.sessions import Sessions, app_sessions
from workbook.checks.nb11 import turns
from workbook.checks.nb11.moments import in_step
from workbook.checks.nb11.units import Units
from workbook.checks.places import raised_by_learner
from workbook.checks.verdict import NotYet

ADA, ELI, IVO, BEN = 1, 5, 9, 2
"""Three of team 1, and one of team 2."""
LEADS = "UPDATE user_account SET role = 'lead' WHERE id = ANY ($1)"
LEFT = "SELECT id FROM user_account WHERE team_id = 1 AND role = 'lead' ORDER BY id"
PAUSE = """
CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(11); RETURN NULL; END';
CREATE TRIGGER pause AFTER UPDATE ON user_account FOR EACH ROW EXECUTE FUNCTION pause()
"""
"""Whoever has changed a user waits until nobody holds the lock with the number 11."""
ROW = "SELECT FROM user_account WHERE id = $1 FOR UPDATE"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
WAITS = "what does your lock do about a row that somebody has: wait, raise, or skip?"
CHANGED = "what of the change is in the database when you say True?"
RETURNS = "what does your function return on each way to its end?"
UNDONE = "what of your change is undone when you say False?"


class Both(NamedTuple):
    """Two calls at once, and what they have to return."""

    leads: list[int]
    users: tuple[int, int]
    wanted: list[bool]
    said: str
    ask: str


BOTH = (
    Both([1, 5], (1, 5), [False, True], "True for one, and False for the other", "who stays?"),
    Both([1, 5, 9], (1, 5), [True, True], "True for both", "who leads when both have gone?"),
    Both(
        [1, 5, 9],
        (1, 1),
        [False, True],
        "True for one, and False for the other",
        "what did you read before you had the lock, and who may have changed it since?",
    ),
)
LATE = "Connection is already established"


async def check(answer: Answer) -> None:
    """Done, refused, and of two at once one; nothing else is changed."""
    function = answer.get()
    async with app_sessions() as sessions:
        units = Units(sessions)
        await _one_after_the_other(answer, function, units)
        await _leaves_the_commit(answer, function, sessions)
        await _locks_in_one_order(answer, function, units)
        await answer.observer.execute(LEADS, [ADA, ELI])
        await turns.is_the_same(answer, function, sessions, [ADA, ELI])
        await answer.observer.execute(PAUSE)
        for both in BOTH:
            await _two_at_once(answer, both, units)


async def _one_after_the_other(answer: Answer, function: Any, units: Units) -> None:
    await answer.observer.execute(LEADS, [ADA, ELI])
    ask = "how many leads stay when they go, and how many have to stay?"
    await _steps_down(answer, function, units, ADA, True, [ELI], ask)
    await _steps_down(answer, function, units, ELI, False, [ELI], ask)
    await answer.observer.execute(LEADS, [BEN])
    ask = "who is counted: the leads of this team, or of all teams?"
    await _steps_down(answer, function, units, ELI, False, [ELI], ask)
    ask = "what does somebody who is no lead step down from?"
    await _steps_down(answer, function, units, ADA, False, [ELI], ask)
    await answer.observer.execute(LEADS, [IVO])
    await _steps_down(answer, function, units, ADA, False, [ELI, IVO], ask)


async def _steps_down(
    answer: Answer, function: Any, units: Units, user: int, wanted: bool, left: list[int], ask: str
) -> None:
    leads = [row["id"] for row in await answer.observer.fetch(LEFT)]
    call = f"step_down(session, {user}), where the leads of team 1 are {leads}"
    try:
        got = await units(lambda session: function(session, user))
    except Exception as error:
        if not raised_by_learner(error, answer.workspace):
            raise
        raised = f"it raised {message(error)}"
        ask = "how does this function say no: with `return`, or with `raise`?"
        raise NotYet(call, got=raised, wanted=str(wanted), ask=ask) from None
    expect(call, got, wanted, ask if isinstance(got, bool) else RETURNS)
    rows = [row["id"] for row in await answer.observer.fetch(LEFT)]
    what = f"{call}: it returned {got}, and the leads after the commit are"
    expect_state(what, rows, left, CHANGED if got else UNDONE)


async def _leaves_the_commit(answer: Answer, function: Any, sessions: Sessions) -> None:
    await answer.observer.execute(LEADS, [ADA, ELI])
    async with sessions() as session:
        await function(session, ADA)
        left = [row["id"] for row in await answer.observer.fetch(LEFT)]
    what = "step_down(session, 1), before its caller commits: the leads that others see"
    expect_state(what, left, [ADA, ELI, IVO], "whose commit is it?")


async def _as(function: Any, user: int, session: Any) -> Any:
    return await function(session, user)


async def _locks_in_one_order(answer: Answer, function: Any, units: Units) -> None:
    """Eli asks first, and Ada behind him, while somebody has Ada's row: no circle comes of it."""
    await answer.observer.execute("UPDATE user_account SET role = 'member' WHERE role = 'lead'")
    await answer.observer.execute(LEADS, [ADA, ELI])
    async with own_connection(answer) as holder:
        await holder.execute("BEGIN")
        await holder.execute(ROW, ADA)
        asked: list[asyncio.Task[Any]] = []
        for user in (ELI, ADA):
            work = functools.partial(_as, function, user)
            asked.append(asyncio.create_task(units(work)))
            await _both_wait(answer, asked, len(asked))
        await holder.execute("ROLLBACK")
        ended = await asyncio.gather(*asked, return_exceptions=True)
    for each in ended:
        if isinstance(each, exc.DBAPIError):
            call = f"step_down(session, {ELI}) and step_down(session, {ADA}) at once"
            got = f"one raised {type(each).__name__}: {each.orig}".splitlines()[0]
            wanted = "each waits for the other at most once"
            raise NotYet(call, got=got, wanted=wanted, ask=_about(each, answer.source()))


async def _two_at_once(answer: Answer, both: Both, units: Units) -> None:
    """Both have changed their row, or wait for the other, before either may commit.

    Each of them has the answer's module for itself, as in two processes.
    """
    await answer.observer.execute("UPDATE user_account SET role = 'member' WHERE role = 'lead'")
    await answer.observer.execute(LEADS, both.leads)
    async with own_connection(answer) as holder, app_engine() as engine:
        await holder.execute("SELECT pg_advisory_lock(11)")
        with in_step(engine) as one_has_ended:

            async def asks(function: Any, user: int) -> Any:
                try:
                    return await units(lambda session: function(session, user))
                finally:
                    await one_has_ended()

            asked = [asyncio.create_task(asks(_another(answer), user)) for user in both.users]
            await _both_wait(answer, asked, 2)
            await holder.execute("SELECT pg_advisory_unlock(11)")
            ended = await asyncio.gather(*asked, return_exceptions=True)
    _judge(answer, both, ended, [row["id"] for row in await answer.observer.fetch(LEFT)])


def _another(answer: Answer) -> Any:
    """The learner's function in a module of its own, with globals of its own."""
    module: dict[str, Any] = {"__name__": answer.module}
    exec(compile(answer.source(), str(answer.load().__file__), "exec"), module)
    return module[answer.names[0]]


async def _both_wait(answer: Answer, asked: list["asyncio.Task[Any]"], number: int) -> None:
    async def met() -> bool:
        ended = sum(each.done() for each in asked)
        return int(await answer.observer.fetchval(WAITING)) + ended >= number

    await eventually(met, timeout=1.5, interval=0.01)


def _judge(answer: Answer, both: Both, ended: list[Any], left: list[int]) -> None:
    one, other = both.users
    call = f"step_down(session, {one}) and step_down(session, {other}) at once"
    call += f", where the leads are {both.leads}"
    for each in ended:
        if isinstance(each, exc.DBAPIError):
            got = f"one raised {type(each).__name__}: {each.orig}".splitlines()[0]
            raise NotYet(call, got=got, wanted=both.said, ask=_about(each, answer.source()))
        if isinstance(each, BaseException):
            raise each
    if not left:
        raise NotYet(
            call,
            got=f"they returned {ended}, and nobody leads the team any more",
            wanted=f"{both.said}, and a lead",
            ask=_how_both(answer),
        )
    skips = "skip_locked" in answer.source() or "SKIP LOCKED" in answer.source().upper()
    ask = WAITS if skips else both.ask
    expect_state(f"{call}: what they returned, sorted", sorted(ended), both.wanted, ask)


def _about(error: exc.DBAPIError, source: str) -> str:
    if getattr(error.orig, "sqlstate", "") != "40P01":
        return WAITS
    if "read=True" in source or "FOR SHARE" in source.upper():
        return "may two transactions hold this lock at once, and may both write then?"
    return "in which order does each of the two lock its rows, and which does its UPDATE lock?"


def _how_both(answer: Answer) -> str:
    """What let both of them step down."""
    if any(LATE in str(each.message) for each in answer.complaints):
        return "when has a transaction its isolation level: before its first statement, or later?"
    if answer.called() & {"Lock", "Semaphore"}:
        return "who but this process knows your lock?"
    return "by which rows did each decide, and what kept the other from changing them?"
