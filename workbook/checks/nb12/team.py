"""12.team: each transaction is held to the team that asks, and leaves nothing in the pool."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Engine, event, exc, text

from workbook.checks.answer import Answer, expect_state
from workbook.checks.connections import app_engine
from workbook.checks.messages import message
from workbook.checks.nb10.attempts import driver_error
from workbook.checks.nb12.schema import needs_a_plain_role
from workbook.checks.verdict import NotYet

POLICY = """
ALTER TABLE incident ENABLE ROW LEVEL SECURITY;
ALTER TABLE incident FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS of_team ON incident;
CREATE POLICY of_team ON incident
USING (team_id = nullif(current_setting('app.team', true), '')::int)
"""
SEEN = text("SELECT coalesce(string_agg(DISTINCT team_id::text, ' '), 'none') FROM incident")
SET = text("SELECT coalesce(current_setting('app.team', true), '')")
LEAKS = "for how long does the setting hold, and who gets the connection after that?"
Work = Callable[[Any], Awaitable[str]]
Door = Callable[[Work], Awaitable[str]]


async def seen(db: Any) -> str:
    """The teams whose incidents this transaction sees."""
    return str((await db.execute(SEEN)).scalar())


async def check(answer: Answer) -> None:
    """A team's rows for a team, none for nobody, also at once and again; nothing left behind."""
    answer.get("hold")
    await needs_a_plain_role(answer)
    database = answer.load()
    await answer.observer.execute(POLICY)
    doors = {"read": answer.get("read"), "transact": database.transact}
    async with app_engine():
        for name, door in doors.items():
            for team in (2, 2, None, 3):
                await _sees_its_own(database, name, door, team)
                await _leaves_nothing(database, name, team)
        await _says_nobody_too(database)
        await _at_once(database, doors)
        for name, door in doors.items():
            await _again(database, name, door)


async def _says_nobody_too(database: Any) -> None:
    """Twice in one transaction, as in tests that share it: the second one has no team."""
    async with database.engine.connect() as connection:
        for team in (2, None):
            token = database.TEAM.set(team)
            await database.hold(connection)
            database.TEAM.reset(token)
        got = await seen(connection)
    ask = "what does the setting have where nobody asks now, and somebody did before?"
    expect_state("what a transaction sees, held to team 2 and then to nobody", got, "none", ask)


async def _as_team(database: Any, team: int | None, door: Door, work: Work) -> str:
    """What comes of it in a task of its own, as a request has one."""

    async def task() -> str:
        database.TEAM.set(team)
        return await door(work)

    return await asyncio.create_task(task())


async def _sees_its_own(database: Any, name: str, door: Door, team: int | None) -> None:
    try:
        got = await _as_team(database, team, door, seen)
    except exc.DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != "22P02":
            raise
        raise NotYet.looked_at(
            f"app.team in a transaction by `{name}`, in a task whose TEAM is {team}",
            got=str(error.orig).partition(": ")[2],
            wanted="the number of a team, or an empty text",
            ask="which text do you make of what `TEAM` has?",
        ) from None
    except LookupError as error:
        raise NotYet.looked_at(
            f"`{name}` in a task whose TEAM is {team}",
            got=f"it raised {message(error)}",
            wanted="a transaction that sees no row" if team is None else "the rows of the team",
            ask="what may a transaction see, where nobody asks?" if team is None else "",
        ) from None
    who = f"a task whose TEAM is {team}"
    wanted = "none" if team is None else str(team)
    ask = _question(got, team)
    if got == "none" and team is not None and await _says_another(database, team, door):
        ask = "when is `TEAM` asked: in each transaction, or once, when the file is read?"
    expect_state(f"the teams whose incidents {who} sees by `{name}`", got, wanted, ask)


async def _says_another(database: Any, team: int, door: Door) -> bool:
    """Whether the setting is said, and what is said of it has nothing of this team."""
    said: list[str] = []

    def hear(
        _connection: object, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        said.append(f"{statement} {values}")

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        await _as_team(database, team, door, seen)
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    about = [each for each in said if "app.team" in each and "string_agg" not in each]
    return bool(about) and not any(str(team) in each for each in about)


def _question(got: str, team: int | None) -> str:
    """Which mistake hides a team's rows from it, or shows it others."""
    if team is None:
        return "what does `TEAM.get()` give where nobody asks, and what do you make of it?"
    if got == "none":
        return "which setting does the policy read, and was it said in this transaction?"
    return "which team asks now?"


async def _leaves_nothing(database: Any, name: str, team: int | None) -> None:
    """Whoever gets the connection next, and says no team."""
    async with database.engine.connect() as connection:
        left = (await connection.execute(SET)).scalar()
    what = f"app.team in the next transaction, after `{name}` in a task whose TEAM is {team}"
    if left not in ("", "0") or (left == "0" and team is not None):
        raise NotYet.looked_at(what, got=repr(left), wanted="nothing", ask=LEAKS)


async def _at_once(database: Any, doors: dict[str, Door]) -> None:
    """Four requests of different teams, all inside their transactions at the same moment."""
    barrier = asyncio.Barrier(4)

    async def together(db: Any) -> str:
        async with asyncio.timeout(5):
            await barrier.wait()
        return await seen(db)

    asking = [
        _as_team(database, team, door, together)
        for team, door in zip((1, 2, 3, 4), [*doors.values()] * 2, strict=True)
    ]
    got = await asyncio.gather(*asking)
    ask = "which team asks, where four ask at once?"
    expect_state("what four teams see at once", got, ["1", "2", "3", "4"], ask)


async def _again(database: Any, name: str, door: Door) -> None:
    """An attempt that fails as a database fails: the next one has another transaction."""
    attempts = 0

    async def fails_once(db: Any) -> str:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise driver_error("40001")
        return await seen(db)

    got = await _as_team(database, 4, door, fails_once)
    ask = "how often is the team said, where the work is done twice?"
    what = f"the teams that a task of team 4 sees in the second attempt of `{name}`"
    expect_state(what, got, "4", ask)
