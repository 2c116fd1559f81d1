"""Check of 02.roster: a page of teams with their people, in two statements at most."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Row, event, exc, insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from workbook.checks.answer import Answer, expect, show
from workbook.checks.connections import own_engine
from workbook.checks.nb02.schema import create_tables
from workbook.checks.statements import statements
from workbook.checks.verdict import NotYet
from workbook.seeds import data

Roster = Callable[[AsyncSession, int, int], Awaitable[Any]]

_WHOLE = 9
"""The limit of a page that holds every team: there a lost team is not a page cut wrong."""


async def check(answer: Answer) -> None:
    """The right teams in the right order, people loaded, two statements at most, any page."""
    roster = answer.get()
    async with own_engine(answer) as engine:
        await _fill(engine)
        for offset, limit in ((0, _WHOLE), (0, 2), (1, 3)):
            await _page(answer, roster, engine, offset, limit)


async def _fill(engine: AsyncEngine) -> None:
    from app import models  # the learner's, once the folder of the check is on the path

    await create_tables(models, engine)
    async with engine.begin() as connection:
        await connection.run_sync(data.fill, models.Base.metadata)
        await connection.execute(insert(models.Team), [{"name": "archive"}])  # nobody is in it


async def _page(
    answer: Answer, roster: Roster, engine: AsyncEngine, offset: int, limit: int
) -> None:
    call = f"roster(session, {offset}, {limit})"
    teams, loaded, sent = await _watched(roster, engine, offset, limit)
    _is_a_list(call, teams)
    query = "SELECT name FROM team ORDER BY name OFFSET $1 LIMIT $2"
    wanted = [row[0] for row in await answer.observer.fetch(query, offset, limit)]
    got = [team.name for team in teams]
    expect(f"the teams of {call}", got, wanted, _question(got, wanted, limit))
    for team in teams:
        await _people(answer, call, team)
    _costs_little(call, teams, loaded, sent, limit)


def _costs_little(
    call: str, teams: list[Any], loaded: list[object], sent: list[str], limit: int
) -> None:
    """Two statements at most, and no more teams loaded than the page has."""
    if len(sent) > 2:
        raise NotYet(
            call,
            got=f"it sent {len(sent)} statements for {len(teams)} teams",
            wanted="two at most, for any page",
            ask="which statement is sent once for each team?",
        )
    if (count := sum(type(each) is type(teams[0]) for each in loaded)) > limit:
        raise NotYet(
            call,
            got=f"it loaded {count} teams for a page of {limit}",
            wanted="the teams of the page",
            ask="who cuts the page: PostgreSQL, or Python after everything has come?",
        )


async def _watched(
    roster: Roster, engine: AsyncEngine, offset: int, limit: int
) -> tuple[Any, list[object], list[str]]:
    """One page, every object that was loaded for it, and every statement that was sent."""
    loaded: list[object] = []
    load = lambda _, each: loaded.append(each)  # noqa: E731
    with statements(engine) as sent:
        async with async_sessionmaker(engine, expire_on_commit=False)() as session:
            event.listen(session.sync_session, "loaded_as_persistent", load)
            teams = await roster(session, offset, limit)
    return teams, loaded, sent


def _is_a_list(call: str, teams: Any) -> None:
    if not isinstance(teams, list):
        ask = "what is left of a result when its session is closed?"
    elif any(isinstance(each, Row) for each in teams):
        ask = "which method of a session gives objects, and which gives rows that hold them?"
    else:
        return
    raise NotYet(call, got=f"it returned {show(teams)}", wanted="a list of teams", ask=ask)


def _question(got: list[str], wanted: list[str], limit: int) -> str:
    """The question that leads from these teams to the wanted ones."""
    if sorted(got) == sorted(wanted):
        return "which team comes first, and which part of the statement says so?"
    if limit < _WHOLE or not got:
        return "how many teams are skipped and kept, and in which order does PostgreSQL see them?"
    if set(wanted) - set(got) == {"archive"}:
        return "has a team without people a row in that join?"
    return "does the page cut teams, or does it cut rows of a join?"


async def _people(answer: Answer, call: str, team: Any) -> None:
    try:
        names = sorted(user.name for user in team.users)
    except exc.SQLAlchemyError as error:
        raise NotYet(
            f"team.users, after {call} and after the session was closed",
            got=f"{type(error).__name__}: {str(error).splitlines()[0]}",
            wanted="the people of the team",
            ask="when must the people be loaded, and who says so?",
        ) from None
    rows = await answer.observer.fetch(
        "SELECT u.name FROM user_account AS u JOIN team AS t ON t.id = u.team_id"
        " WHERE t.name = $1 ORDER BY 1",
        team.name,
    )
    expect(
        f"the people of {team.name!r}",
        names,
        [row[0] for row in rows],
        "does the page cut teams, or does it cut rows of a join?"
        if names
        else "which strategy loads the people, and which leaves the list empty?",
    )
