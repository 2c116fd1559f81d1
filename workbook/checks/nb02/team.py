"""Check of 02.team: one team by its name, with its people, or None where there is none."""

from typing import Any

import asyncpg
from sqlalchemy import Result, Row, ScalarResult
from sqlalchemy.exc import DBAPIError

from workbook.base.causes import causes
from workbook.checks import outliving
from workbook.checks.answer import Answer, expect, expect_state, show
from workbook.checks.connections import own_engine
from workbook.checks.nb02.loading import EMPTY, Watched, expect_people, fill, watched
from workbook.checks.verdict import NotYet, Reason

_NAMES = ("payments", EMPTY, "it's new", "Payments", "payments ", "pay", "pay%")
"""A team, one without people, and names that no team has."""
_TEAMS = "SELECT count(*) FROM team"
_MAKES = "does the function look for a team, or does it also make one?"
_TWO = "two at most, whatever the number of teams"


_WITHOUT_SELECTIN = Reason(
    try_next="Ask for a team that does not exist, and look at `await lab.saw()`: how many `SELECT`s"
    " does your function send when there is nobody to load for?"
)


async def check(answer: Answer) -> Reason | None:
    """The team and its people, or None; PostgreSQL looks for it, in two statements at most."""
    async with own_engine(answer) as engine:
        await fill(engine)
        teams = await answer.observer.fetchval(_TEAMS)
        for name in _NAMES:
            call = f"team_named(session, {name!r})"
            found = await _looked_for(answer, call, engine, name)
            _costs_little(call, found)
        now = await answer.observer.fetchval(_TEAMS)
        expect_state("the number of teams, after these calls", now, teams, _MAKES)
        await _asks_again(answer, engine)
    return None if "selectinload" in answer.called() else _WITHOUT_SELECTIN


async def _asks_again(answer: Answer, engine: Any) -> None:
    """A team that was found before has got another name since."""
    name = _NAMES[0]
    await answer.observer.execute("UPDATE team SET name = 'paid' WHERE name = $1", name)
    found = await watched(engine, answer.get(), name)
    call = f"team_named(session, {name!r}), when that team has got another name"
    expect(call, found.result, None, "" if found.sent else outliving.KEPT)


async def _looked_for(answer: Answer, call: str, engine: Any, name: str) -> Watched:
    try:
        found = await watched(engine, answer.get(), name)
    except IndexError:
        ask = "what does a query give that finds no row, and which method takes that as an answer?"
        raise NotYet(call, got="it raised IndexError", wanted="None", ask=ask) from None
    except DBAPIError as error:
        raise _by_its_key(answer, call, error) from None
    if name not in _NAMES[:2]:
        expect(call, found.result, None, _ASKS.get(name, "is there a team of that name?"))
        return found
    if found.result is None and any(_ASKS_NOTHING in each for each in found.sent):
        ask = "what did Python make of your condition, before SQLAlchemy saw it?"
        got = "it returned None, and the statement that was sent says `WHERE false`"
        raise NotYet(call, got=got, wanted=f"the team {name!r}", ask=ask)
    _is_the_team(call, found.result, name)
    ask = "whose people are that, and which condition says so?"
    await expect_people(answer, call, found.result, ask)
    return found


_ASKS_NOTHING = "WHERE false"
_SPELT = "are two spellings one name?"
_ASKS = {
    "Payments": _SPELT,
    "payments ": _SPELT,
    "pay": "is a part of a name that name?",
    "pay%": "of which comparison is `%` a sign for any text: of `=`, or of LIKE?",
}


def _by_its_key(answer: Answer, call: str, error: DBAPIError) -> Exception:
    """NotYet where `get` was handed the name; any other error as it is."""
    refused = any(isinstance(each, asyncpg.DataError) for each in causes(error))
    if not refused or not answer.called() & {"get", "get_one"}:
        return error
    ask = "by which column does `get` of a session look for a row?"
    got = "the name was sent as an id: 'str' object cannot be interpreted as an integer"
    return NotYet(call, got=got, wanted="the team of that name, or None", ask=ask)


def _is_the_team(call: str, got: Any, name: str) -> None:
    from app.models import Team  # the learner's, once the folder of the check is on the path

    if isinstance(got, Team) and got.name == name:
        return
    ask = "which team did the query look for?"
    if got is None:
        ask = "has a team without people a row in that join?" if name == EMPTY else ""
    elif isinstance(got, Result | ScalarResult | Row | list):
        ask = "which method of a session gives the first object itself?"
    raise NotYet(call, got=f"it returned {show(got)}", wanted=f"the team {name!r}", ask=ask)


def _costs_little(call: str, found: Watched) -> None:
    """No team more than is asked for, and two statements at most."""
    from app.models import Team  # the learner's, once the folder of the check is on the path

    if (teams := sum(isinstance(each, Team) for each in found.loaded)) > 1:
        ask = "who looks for the team: PostgreSQL, or Python after all of them have come?"
        raise NotYet(call, got=f"it loaded {teams} teams", wanted="one at most", ask=ask)
    if (sent := len(found.sent)) > 2:
        ask = "which statement asks for something that another one has brought already?"
        raise NotYet(call, got=f"it sent {sent} statements", wanted=_TWO, ask=ask)
