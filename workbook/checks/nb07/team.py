"""Check of 07.team: a team is made once, however often and at whatever moment it is asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import exc

from workbook.checks import busy
from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.messages import message
from workbook.checks.nb07.loads import no_row
from workbook.checks.nb07.sessions import TEAMS, Sessions, app_sessions, callers_session
from workbook.checks.verdict import NotYet

TeamCalled = Callable[[Any, str], Awaitable[Any]]

_BETWEEN = "what happens between your question and your insert?"


async def check(answer: Answer) -> None:
    """New once, known afterwards, also when two ask at once; never a commit, never an error."""
    team_called = answer.get()
    async with app_sessions() as sessions:
        ids = [
            await _asked_for(answer, team_called, sessions, "night", new=new)
            for new in (True, False)
        ]
        ask = "by which column did you look for the team?"
        expect_state("the two ids of the team 'night'", ids[1], ids[0], ask)
        await _asked_for(answer, team_called, sessions, "it's new", new=True)
        await _at_once(answer, team_called, sessions)


async def _asked_for(
    answer: Answer, team_called: TeamCalled, sessions: Sessions, name: str, *, new: bool
) -> int:
    """Ask for it in a caller's transaction, which the caller commits; the id of its row."""
    call = f"team_called(session, {name!r}){'' if new else ', again'}"
    async with callers_session(answer, sessions, call) as session:
        team, is_new = _pair(call, await team_called(session, name))
        ask = "how do you learn whether your INSERT has stored a row?"
        expect_state(f"{call}: whether it is new", is_new, new, ask)
        seen = f"{call}: the name of the team that it returned"
        expect_state(seen, team.name, name, "by which column did you look for the team?")
        team_id = int(team.id)
    rows = await answer.observer.fetchval(TEAMS + "$1", name)
    ask = "what became of the row, when the caller has committed?"
    expect_state(f"the teams called {name!r}, after the caller's commit", rows, 1, ask)
    return team_id


def _pair(call: str, got: Any) -> tuple[Any, Any]:
    """The team and whether it is new; NotYet for anything else."""
    from app.models import Team  # the learner's, once the folder of the check is on the path

    pair = isinstance(got, tuple) and len(got) == 2
    if pair:
        no_row(call, got[0], "the team")
    if pair and isinstance(got[0], Team) and got[0].id is not None:
        return got[0], got[1]
    ask = "which two things are returned, together?"
    if pair:
        ask = "how do you come from that to the team itself?"
    if pair and got[0] is None:
        ask = "what does RETURNING give when nothing was stored?"
    elif pair and isinstance(got[0], Team):
        ask = "which call sends the INSERT, and brings the id?"
    wanted = "the team as it is stored, and whether it is new"
    raise NotYet(call, got=f"it returned {show(got)}", wanted=wanted, ask=ask)


async def _at_once(answer: Answer, team_called: TeamCalled, sessions: Sessions) -> None:
    """The second asks while the first has stored the team and not committed."""
    call = "team_called(session, 'weekend'), twice at once"
    async with sessions.begin() as first:
        mine = _pair(call, await team_called(first, "weekend"))
        second = asyncio.create_task(_in_own_session(call, team_called, sessions))
        await busy.eventually(lambda: _waits(answer, second), 1, interval=0.01)
    try:
        yours = await second
    except exc.DBAPIError as error:
        got, wanted = f"the second raised {message(error)}", "the team of the first, and no error"
        raise NotYet(call, got=got, wanted=wanted, ask=_BETWEEN) from None
    told = mine[1], yours[1]
    expect_state(f"{call}: whether they are new", told, (True, False), "how many were stored?")
    expect_state(f"{call}: the two ids", yours[0].id, mine[0].id, "who waits for whom?")


async def _in_own_session(
    call: str, team_called: TeamCalled, sessions: Sessions
) -> tuple[Any, Any]:
    async with sessions.begin() as session:
        return _pair(call, await team_called(session, "weekend"))


async def _waits(answer: Answer, task: "asyncio.Task[Any]") -> bool:
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
    return task.done() or bool(await answer.observer.fetchval(waiting))
