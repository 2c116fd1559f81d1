"""Check of 07.team: a team is made once, however often and at whatever moment it is asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import exc

from workbook.checks import busy
from workbook.checks.answer import Answer, expect_state
from workbook.checks.messages import message
from workbook.checks.nb07.pairs import TURNED, finding, is_a_pair
from workbook.checks.nb07.sessions import TEAMS, Sessions, app_sessions, callers_session
from workbook.checks.verdict import NotYet, Reason

TeamCalled = Callable[[Any, str], Awaitable[Any]]

_LAST_ID = "SELECT last_value FROM team_id_seq"
_BETWEEN = "what happens between your question and your insert?"


_ASKED_FIRST = Reason(
    try_next="Take the question away. How many ids does PostgreSQL take when one name comes twice"
    " and more often, with the question and without it? How many statements does a new name need?"
)
"""Where a name that is known takes no id."""


async def check(answer: Answer) -> Reason | None:
    """New once, known afterwards, also when two ask at once; never a commit, never an error."""
    team_called = answer.get()
    async with app_sessions() as sessions:
        ids = [
            await _asked_for(answer, team_called, sessions, "night", new=new)
            for new in (True, False)
        ]
        ask = "by which column did you look for the team?"
        expect_state("the two ids of the team 'night'", ids[1], ids[0], ask)
        for name in ("it's new", "On Call"):
            await _asked_for(answer, team_called, sessions, name, new=True)
        before = await answer.observer.fetchval(_LAST_ID)
        await _asked_for(answer, team_called, sessions, "On Call", new=False)
        takes_ids = await answer.observer.fetchval(_LAST_ID) > before + 1  # one is the caller's
        await _at_once(answer, team_called, sessions)
    return None if takes_ids else _ASKED_FIRST


async def _asked_for(
    answer: Answer, team_called: TeamCalled, sessions: Sessions, name: str, *, new: bool
) -> int:
    """Ask for it in a caller's transaction, which the caller commits; the id of its row."""
    call = f"team_called(session, {name!r}){'' if new else ', again'}"
    async with callers_session(answer, sessions, call) as session:
        team, is_new = await _called(call, team_called, session, name)
        ask = "how do you learn whether your INSERT has stored a row?"
        if new and is_new is False and (await team_called(session, name))[1] is True:
            ask = TURNED
        expect_state(f"{call}: whether it is new", is_new, new, ask)
        seen = f"{call}: the name of the team that it returned"
        expect_state(seen, team.name, name, _ask_of(team.name, name))
        team_id = int(team.id)
    rows = await answer.observer.fetchval(TEAMS + "$1", name)
    ask = "what became of the row, when the caller has committed?"
    expect_state(f"the teams called {name!r}, after the caller's commit", rows, 1, ask)
    return team_id


def _ask_of(got: str, wanted: str) -> str:
    if got.lower() == wanted.lower():
        return "are two names the same to `uq_team_name` that differ in their capitals alone?"
    return "by which column did you look for the team?"


async def _called(call: str, team_called: TeamCalled, session: Any, name: str) -> tuple[Any, Any]:
    """The team and whether it is new; NotYet for anything else."""
    from app.models import Team  # the learner's, once the folder of the check is on the path

    with finding(call, "team"):
        got = await team_called(session, name)
    is_a_pair(call, got, Team, "team")
    return got[0], got[1]


async def _at_once(answer: Answer, team_called: TeamCalled, sessions: Sessions) -> None:
    """The second asks while the first has stored the team and not committed."""
    call = "team_called(session, 'weekend'), twice at once"
    async with sessions.begin() as first:
        mine = await _called(call, team_called, first, "weekend")
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
        return await _called(call, team_called, session, "weekend")


async def _waits(answer: Answer, task: "asyncio.Task[Any]") -> bool:
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
    return task.done() or bool(await answer.observer.fetchval(waiting))
