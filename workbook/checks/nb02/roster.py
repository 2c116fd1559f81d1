"""Check of 02.roster: a page of teams with their people, in two statements at most."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from sqlalchemy import Result, Row, ScalarResult
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from workbook.checks import outliving
from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.connections import own_engine
from workbook.checks.nb02.loading import expect_people, fill, watched
from workbook.checks.verdict import NotYet, Reason

Roster = Callable[[AsyncSession, int, int], Awaitable[Any]]

_WHOLE = 9
"""The limit of a page that holds every team: there a lost team is not a page cut wrong."""
_PAGES = ((0, _WHOLE), (0, 2), (1, 3))
"""The offset and the limit of each page that is asked for."""

_MANY = "INSERT INTO team (name) SELECT 'team ' || n FROM generate_series(1, 60) AS n"
_CUT = "does the page cut teams, or does it cut rows of a join?"

_ONE_STATEMENT = Reason(
    "Your one statement joins the people to the teams of the page: the page is cut in a subquery,"
    " before the join, so LIMIT counts teams and not rows. The order comes from `ORDER BY`; without"
    " it two pages may show the same team. The reference sends a second statement for the people.",
    "Use `selectinload` with the same `limit`, and look at `await lab.saw()`: which columns does"
    " each of the two statements bring, and how often does the name of a team come?",
)
_TWO_STATEMENTS = Reason(
    "One statement brings the page and another one all of its people, so the number of statements"
    " does not grow with the page. The order comes from `ORDER BY`; without it two pages may show"
    " the same team.",
    "Take the option that loads the people away, run the cell and the check again, and read which"
    " attribute the error names.",
)


async def check(answer: Answer) -> Reason | None:
    """The right teams in the right order, people loaded, two statements at most, any page."""
    roster = answer.get()
    async with own_engine(answer) as engine:
        await fill(engine)
        pages = [await _page(answer, roster, engine, *page) for page in _PAGES]
        for page in pages:
            _costs_little(page)
        await _asks_again(answer, roster, engine)
    if max(len(page.sent) for page in pages) == 1:
        return _ONE_STATEMENT
    return None if "selectinload" in answer.called() else _TWO_STATEMENTS


async def _asks_again(answer: Answer, roster: Roster, engine: AsyncEngine) -> None:
    """A page that was given before is another one when a team has got another name."""
    offset, limit = _PAGES[0]
    await answer.observer.execute("UPDATE team SET name = 'zebra' WHERE name = 'archive'")
    _, _, sent = await watched(engine, roster, offset, limit)
    if not sent:
        call = f"roster(session, {offset}, {limit}), when a team has got another name"
        wanted = "the teams of now"
        raise NotYet(call, got="no statement was sent", wanted=wanted, ask=outliving.KEPT)
    await answer.observer.execute(_MANY)
    ask = "which number of yours stands in the place of the one that was asked for?"
    for limit in (0, 99):
        call = f"roster(session, 0, {limit}), where there are 65 teams"
        teams, _, _ = await watched(engine, roster, 0, limit)
        expect_state(f"how many teams come, after {call}", len(teams), min(limit, 65), ask)


class _Page(NamedTuple):
    """A page with the right teams, and what it took."""

    call: str
    limit: int
    teams: list[Any]
    loaded: list[object]
    sent: list[str]


async def _page(
    answer: Answer, roster: Roster, engine: AsyncEngine, offset: int, limit: int
) -> _Page:
    """The page; NotYet where its teams or their people are others than wanted."""
    call = f"roster(session, {offset}, {limit})"
    teams, loaded, sent = await watched(engine, roster, offset, limit)
    _is_a_list(answer, call, teams)
    every = [row[0] for row in await answer.observer.fetch("SELECT name FROM team ORDER BY name")]
    wanted, got = every[offset : offset + limit], [team.name for team in teams]
    if got != wanted:
        ask = _question(answer, got, every, (offset, limit))
        raise NotYet(call, got=f"the teams {got}", wanted=f"the teams {wanted}", ask=ask)
    for team in teams:
        await expect_people(answer, call, team, _CUT)
    return _Page(call, limit, teams, loaded, sent)


def _costs_little(page: _Page) -> None:
    """Two statements at most, and no more teams loaded than the page has."""
    call, limit, teams, loaded, sent = page
    if len(sent) > 2:
        repeated = len(set(sent)) < len(sent)
        kind = "" if repeated else " different"
        raise NotYet(
            call,
            got=f"it sent {len(sent)}{kind} statements for {len(teams)} teams",
            wanted="two at most, for any page",
            ask="which statement is sent once for each team?" if repeated else "",
        )
    if (count := sum(type(each) is type(teams[0]) for each in loaded)) > limit:
        raise NotYet(
            call,
            got=f"it loaded {count} teams for a page of {limit}",
            wanted="the teams of the page",
            ask="who cuts the page: PostgreSQL, or Python after everything has come?",
        )


def _is_a_list(answer: Answer, call: str, teams: Any) -> None:
    from app.models import Team  # the learner's, once the folder of the check is on the path

    if isinstance(teams, list) and all(isinstance(each, Team) for each in teams):
        return
    ask = "what does the page hold?" if isinstance(teams, list) else "is it a list?"
    if isinstance(teams, list) and all(isinstance(each, str) for each in teams):
        ask = "what does your query select: teams, or a column of theirs?"
    if isinstance(teams, Result | ScalarResult):
        ask = "what is left of a result when its session is closed?"
    elif teams is None:
        ask = answer.ask_of_none()
    elif isinstance(teams, list) and any(isinstance(each, Row) for each in teams):
        ask = "which method of a session gives objects, and which gives rows that hold them?"
    raise NotYet(call, got=f"it returned {show(teams)}", wanted="a list of teams", ask=ask)


def _question(answer: Answer, got: list[str], every: list[str], page: tuple[int, int]) -> str:
    """The question that leads from these teams to the wanted ones."""
    offset, limit = page
    wanted = every[offset : offset + limit]
    if sorted(got) == sorted(wanted) and answer.called() & {"sorted", "sort"}:
        return "which line puts the teams in an order last, and in which?"
    if sorted(got) == sorted(wanted):
        return "which team comes first, and which part of the statement says so?"
    if not got and not offset:
        return "which of the two numbers says how many teams are skipped, and which how many come?"
    if limit >= _WHOLE and set(wanted) - set(got) == {"archive"}:
        return "has a team without people a row in that join?"
    if len(set(got)) < len(got) or limit >= _WHOLE:
        return _CUT
    return _question_of_page(got, every, offset, limit)


def _question_of_page(got: list[str], every: list[str], offset: int, limit: int) -> str:
    if got == every[offset * limit : offset * limit + limit]:
        return "does `offset` count teams, or pages?"
    if got == every[:limit]:
        return "how many teams are skipped before the page begins?"
    if got == every[offset:limit]:
        return "does `limit` say how many teams, or up to which one?"
    if got == every[offset : offset + len(got)]:
        return "how many teams does a page have, and which part of the statement says so?"
    return "in which order does PostgreSQL see the teams when it cuts the page?"
