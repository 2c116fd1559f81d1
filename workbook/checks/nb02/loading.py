"""Teams and their people: rows to load, what a call loads and sends, what stays loaded."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from sqlalchemy import event, exc, insert, text
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from workbook.checks.answer import Answer, expect_state
from workbook.checks.messages import message
from workbook.checks.nb02.schema import create_tables
from workbook.checks.row_locks import expect_none_locked
from workbook.checks.statements import statements
from workbook.checks.verdict import NotYet
from workbook.seeds import data

EMPTY = "archive"
"""A team that nobody is in."""

_LAST = text("SELECT id FROM team ORDER BY name DESC LIMIT 1")


async def fill(engine: AsyncEngine) -> None:
    """Make the tables of the app's models, with the rows of the story and an empty team.

    The team that comes last by its name has the most people.
    """
    from app import models  # the learner's, once the folder of the check is on the path

    await create_tables(models, engine)
    async with engine.begin() as connection:
        await connection.run_sync(data.fill, models.Base.metadata)
        await connection.execute(insert(models.Team), [{"name": EMPTY}])
        last = (await connection.execute(_LAST)).scalar_one()
        more = [{"name": each, "email": f"{each}@x", "team_id": last} for each in ("Zoë", "Yun")]
        await connection.execute(insert(models.User), more)


class Watched(NamedTuple):
    """What came of a call with a session of its own, which is closed by now."""

    result: Any
    loaded: list[object]
    """Every object that was loaded for it."""
    sent: list[str]
    """Every statement that was sent for it."""


async def watched(
    engine: AsyncEngine, function: Callable[..., Awaitable[Any]], *arguments: Any
) -> Watched:
    """Call it with a session and these arguments."""
    loaded: list[object] = []
    load = lambda _, each: loaded.append(each)  # noqa: E731
    with statements(engine) as sent:
        async with async_sessionmaker(engine, expire_on_commit=False)() as session:
            event.listen(session.sync_session, "loaded_as_persistent", load)
            result = await function(session, *arguments)
            so_far = [*sent]
            told = ", ".join(map(repr, arguments))
            call = f"{getattr(function, '__name__', 'the function')}(session, {told})"
            await expect_none_locked(call, session, "team")
    return Watched(result, loaded, so_far)


async def expect_people(answer: Answer, call: str, team: Any, ask: str) -> None:
    """NotYet unless the people of this team can be read, and are these; `ask` where some are."""
    try:
        names = sorted(user.name for user in team.users)
    except exc.SQLAlchemyError as error:
        raise NotYet.looked_at(
            f"team.users, after {call} and after the session was closed",
            got=f"reading it raised {message(error)}",
            wanted="the people of the team",
            ask=_who_loads(answer),
        ) from None
    rows = await answer.observer.fetch(
        "SELECT u.name FROM user_account AS u JOIN team AS t ON t.id = u.team_id"
        " WHERE t.name = $1 ORDER BY 1",
        team.name,
    )
    expect_state(
        f"the people of {team.name!r}",
        names,
        [row[0] for row in rows],
        ask if names else "which strategy loads the people, and which leaves the list empty?",
    )


def _who_loads(answer: Answer) -> str:
    """A statement of SQLAlchemy's is never changed: each method gives a new one."""
    if answer.called() & {"selectinload", "joinedload", "subqueryload"}:
        return "which statement was sent: the one that `options` gave, or the one before it?"
    return "when must the people be loaded, and who says so?"
