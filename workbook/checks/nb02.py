"""Checks of notebook 02: typed models, loading a page, rules in the database."""

import re
from collections.abc import Awaitable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import Row, event, exc, insert, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from workbook.checks import type_checker
from workbook.checks.answer import Answer, expect, show
from workbook.checks.registry import checks
from workbook.checks.tables import (
    are_as_typed,
    columns_of,
    engine_of,
    make_tables,
    relation_is_loud,
    statements,
    team_is_indexed,
)
from workbook.checks.verdict import NotYet
from workbook.seeds import data

# Types


MODELS = "app/models.py"
TYPES = {"id": "int", "name": "str", "email": "str", "phone": "str | None", "team_id": "int"}


def work_ahead() -> None:
    """What the first check would wait for, long before it is asked for."""
    if filling := type_checker.fill("02", MODELS):
        filling.wait()


@checks("02.types")
async def types(answer: Answer) -> None:
    """mypy knows each attribute's type, and the table says the same."""
    user = answer.get()
    _checker_agrees()
    engine = engine_of(answer)
    try:
        await make_tables(answer.load(), engine)
        await are_as_typed(answer, user.__tablename__, TYPES)
        await _holds_people(answer, user.__table__, engine)
    finally:
        await engine.dispose()
    await _email_is_unique(answer, user.__tablename__)
    await team_is_indexed(answer, user.__tablename__)
    await relation_is_loud(answer, user)
    team = answer.get("Team")(name="night")
    expect(
        "team.users, after User(team=team)",
        len(user(team=team).team.users),
        1,
        "how do the two ends of a relationship know of each other?",
    )


ADA = {"name": "Ada", "email": "ada@nightwatch.test", "team_id": 1}


async def _holds_people(answer: Answer, table: Any, engine: AsyncEngine) -> None:
    """Nobody without name, email and team is stored; a phone is never made up, or kept unique."""
    await answer.observer.execute("INSERT INTO team (name) VALUES ('night')")
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for name in ADA:
            row = {key: value for key, value in ADA.items() if key != name}
            await _is_refused(connection.execute(insert(table), row), name)
        await connection.execute(insert(table), ADA)
    expect(
        "the phone of a User who was stored without one",
        await answer.observer.fetchval(f"SELECT phone FROM {table}"),
        None,
        "no phone was given: where does this one come from?",
    )
    await _only_email_is_unique(answer, table)


async def _is_refused(storing: Awaitable[Any], name: str) -> None:
    try:
        await storing
    except exc.IntegrityError:
        return
    raise NotYet(
        f"a User without {name}, stored",
        "a new row",
        "PostgreSQL refuses it",
        f"no {name} was given: where does this one come from?",
    )


async def _only_email_is_unique(answer: Answer, table: Any) -> None:
    columns = f"INSERT INTO {table} (name, phone, email, team_id)"
    try:
        await answer.observer.execute(
            f"{columns} VALUES ('Ben', '+1', 'ben@n.test', 1), ('Ben', '+1', 'b@n.test', 1)"
        )
    except asyncpg.UniqueViolationError as error:
        raise NotYet(
            "an INSERT of two people who share name, phone and team",
            f"refused: {error.detail}",
            "two rows",
            "which columns were unique before you typed them?",
        ) from None


def _checker_agrees() -> None:
    """Run mypy, strict, on the models and on a use of each attribute."""
    lines = [
        "from typing import assert_type",
        "from app.models import User",
        "def probe(user: User) -> None:",
    ]
    lines += [f"    assert_type(user.{name}, {kind})" for name, kind in TYPES.items()]
    Path("probe.py").write_text("\n".join(lines) + "\n", "utf-8")
    code, said = type_checker.said_of("probe.py", MODELS)
    if code > 1:  # mypy itself failed; its silence is no agreement
        raise AssertionError(f"mypy did not run: {said[-800:]}")
    for name, line in zip(TYPES, range(4, 9), strict=True):
        if found := re.search(rf'^probe\.py:{line}: error: .*?type "([^"]+)"', said, re.M):
            raise NotYet(
                f"mypy, about user.{name}",
                f"it is {found[1]!r}",
                repr(TYPES[name]),
                "which hint inside Mapped[…] makes the checker say that?",
            )
    if problem := re.search(r"^(?:app/models|probe)\.py:(\d+): error: (.+)$", said, re.M):
        raise NotYet(
            "mypy, strict, on app/models.py",
            f"line {problem[1]}: {problem[2]}",
            "no complaint",
            "what does that line promise, and what does it hold?",
        )
    if code:  # it complains, and not in a way that is known here
        raise AssertionError(f"mypy says what nobody understood: {said[-800:]}")


async def _email_is_unique(answer: Answer, table: str) -> None:
    unique = await answer.observer.fetchval(
        "SELECT count(*) FROM pg_index AS i JOIN pg_attribute AS a"
        " ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
        " WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indnatts = 1"
        " AND a.attname = 'email'",
        table,
    )
    if not unique:
        raise NotYet(
            "the table of User",
            "two users may have one email",
            "each email once",
            "what did the column say about the email before you typed it?",
        )


# Loading


ALL = 9
"""The limit of a page that holds every team: there a lost team is not a page cut wrong."""


@checks("02.roster")
async def roster(answer: Answer) -> None:
    """The right teams in the right order, people loaded, two statements at most, any page."""
    function = answer.get()
    engine = engine_of(answer)
    try:
        await _company(engine)
        for offset, limit in ((0, ALL), (0, 2), (1, 3)):
            await _page(answer, function, engine, offset, limit)
    finally:
        await engine.dispose()


async def _company(engine: AsyncEngine) -> None:
    from app import models

    await make_tables(models, engine)
    async with engine.begin() as connection:
        await connection.run_sync(data.fill, models.Base.metadata)
        await connection.execute(insert(models.Team), [{"name": "archive"}])  # nobody is in it


async def _page(
    answer: Answer, function: Any, engine: AsyncEngine, offset: int, limit: int
) -> None:
    call = f"roster(session, {offset}, {limit})"
    teams, loaded, sent = await _watched(function, engine, offset, limit)
    _is_a_list(call, teams)
    names = [
        row[0]
        for row in await answer.observer.fetch(
            "SELECT name FROM team ORDER BY name OFFSET $1 LIMIT $2", offset, limit
        )
    ]
    got = [team.name for team in teams]
    expect(f"the teams of {call}", got, names, _about(got, names, limit))
    for team in teams:
        await _people(answer, call, team)
    if len(sent) > 2:
        raise NotYet(
            call,
            f"it sent {len(sent)} statements for {len(teams)} teams",
            "two at most, for any page",
            "which statement is sent once for each team?",
        )
    if (count := sum(type(each) is type(teams[0]) for each in loaded)) > limit:
        raise NotYet(
            call,
            f"it loaded {count} teams for a page of {limit}",
            "the teams of the page",
            "who cuts the page: PostgreSQL, or Python after everything has come?",
        )


async def _watched(
    function: Any, engine: AsyncEngine, offset: int, limit: int
) -> tuple[Any, list[object], list[str]]:
    """One page, every object that was loaded for it, and every statement that was sent."""
    loaded: list[object] = []
    load = lambda _, each: loaded.append(each)  # noqa: E731
    with statements(engine) as sent:
        async with async_sessionmaker(engine, expire_on_commit=False)() as session:
            event.listen(session.sync_session, "loaded_as_persistent", load)
            teams = await function(session, offset, limit)
    return teams, loaded, sent


def _is_a_list(call: str, teams: Any) -> None:
    if not isinstance(teams, list):
        ask = "what is left of a result when its session is closed?"
    elif any(isinstance(each, Row) for each in teams):
        ask = "which method of a session gives objects, and which gives rows that hold them?"
    else:
        return
    raise NotYet(call, f"it returned {show(teams)}", "a list of teams", ask)


def _about(got: list[str], wanted: list[str], limit: int) -> str:
    """The question that leads from these teams to the wanted ones."""
    if sorted(got) == sorted(wanted):
        return "which team comes first, and which part of the statement says so?"
    if limit < ALL or not got:
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
            f"{type(error).__name__}: {str(error).splitlines()[0]}",
            "the people of the team",
            "when must the people be loaded, and who says so?",
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


# Rules and clocks


@checks("02.incident")
async def incident(answer: Answer) -> None:
    """Moments with a zone, a default and an update the app can read; a guarded severity."""
    models, kind = answer.load(), answer.get()
    engine = engine_of(answer)
    try:
        await make_tables(models, engine)
        await _moments(answer)
        await _severity(answer)
        await _opened(answer)
        await team_is_indexed(answer, "incident")
        await relation_is_loud(answer, kind)
        await _changed(answer, kind, engine)
    finally:
        await engine.dispose()


FILLED = {"title": "str", "severity": "str", "status": "str", "opened_at": "datetime"}
TOKYO = "SET TIME ZONE 9"  # hours: a name would need the server's list of zones
INSERT = "INSERT INTO incident (title, severity, team_id) VALUES ('x', $1, 1)"


async def _moments(answer: Answer) -> None:
    columns = await columns_of(answer, "incident")
    for name in ("opened_at", "changed_at"):
        kind = columns.get(name, ("not there", False))[0]
        expect(
            f"the column {name!r} of the table",
            kind,
            "timestamp with time zone",
            "does the column store a moment, or what a clock on some wall shows?",
        )
    await are_as_typed(answer, "incident", FILLED)
    await answer.observer.execute(f"{TOKYO}; INSERT INTO team (name) VALUES ('payments')")
    try:
        await answer.observer.execute(INSERT, "minor")
    except asyncpg.NotNullViolationError as error:
        raise NotYet(
            "an INSERT that does not name it",
            f"{error.column_name} is missing",
            "a value that the database gives",
            "which default does PostgreSQL know, and which one only Python?",
        ) from None


async def _severity(answer: Answer) -> None:
    for good in ("minor", "major", "critical"):
        try:
            await answer.observer.execute(INSERT, good)
        except asyncpg.PostgresError as error:
            raise NotYet(
                f"an INSERT of the severity {good!r}",
                f"refused: {error}",
                "a new row",
                "which severities does the rule list?",
            ) from None
    for bad, ask in BAD.items():
        try:
            await answer.observer.execute(INSERT, bad)
        except asyncpg.PostgresError:
            continue
        raise NotYet(
            f"an INSERT of the severity {bad!r}, not from your app",
            "a new row",
            "PostgreSQL refuses it",
            ask,
        )


BAD = {
    "high": "who keeps the rule when Python is not asked?",
    "": "who keeps the rule when Python is not asked?",
    "Minor": "are two spellings one severity?",
    "minors": "does the rule compare the whole text, or does it look for a word inside?",
    "a major": "does the rule compare the whole text, or does it look for a word inside?",
}


HOUR = timedelta(hours=1)
STRIPPED = "which conversion takes the zone away from a moment, and who puts another one on?"


async def _opened(answer: Answer) -> None:
    """Each INSERT has its own opened_at: now, also where the session is in another zone."""
    rows = await answer.observer.fetch(
        "SELECT opened_at, clock_timestamp() - opened_at FROM incident ORDER BY id"
    )
    (first, away), (last, _) = rows[0], rows[-1]
    far = abs(away) > HOUR
    if first == last and (far or _is_fine(first)):
        raise NotYet(
            "opened_at, of two INSERTs",
            "the same moment",
            "each its own",
            "is it computed once, or at each INSERT?",
        )
    if far:
        raise NotYet(
            "opened_at, of an INSERT from a session in Tokyo",
            f"{abs(away) // HOUR} hours away from now",
            "now",
            STRIPPED,
        )


def _is_fine(moment: datetime) -> bool:
    """Whether it is not cut to seconds: two of those are equal only if they are one."""
    return moment.microsecond != 0


async def _changed(answer: Answer, kind: Any, engine: AsyncEngine) -> None:
    async with async_sessionmaker(engine, expire_on_commit=False)() as session:
        found: Any = await session.get(kind, 1)
        opened = found.opened_at
        first = await _change(session, found, "another title")
        second = await _change(session, found, "the next title")
    if first == second and _is_fine(first):
        raise NotYet(
            "incident.changed_at, after two changes",
            "the same moment",
            "each its own",
            "what does `onupdate` hold: a function, or what it returned once?",
        )
    now, kept = await answer.observer.fetchrow("SELECT now(), opened_at FROM incident WHERE id = 1")
    if (away := abs(now - second)) > HOUR:
        raise NotYet(
            "incident.changed_at, after a change from a session in Tokyo",
            f"{away // HOUR} hours away from now",
            "now",
            STRIPPED,
        )
    if kept != opened:
        raise NotYet(
            "incident.opened_at, after a change of the title",
            "it has changed too",
            "the moment at which it was opened",
            "which of the two moments does an update move?",
        )


async def _change(session: AsyncSession, found: Any, title: str) -> datetime:
    """Change the title, and return the moment that can be read after the flush."""
    call = "incident.changed_at, after a flush of a change"
    wanted = "the moment of the change"
    await session.execute(text(TOKYO))
    found.title = title
    await session.flush()
    try:
        changed = found.changed_at
    except exc.MissingGreenlet:
        got = "MissingGreenlet: PostgreSQL knows it, and nobody asked"
        ask = "which mapper option asks for such values in the same statement?"
        raise NotYet(call, got, wanted, ask) from None
    if not isinstance(changed, datetime):
        ask = "which argument of a column speaks about updates?"
        raise NotYet(call, show(changed), wanted, ask)
    if changed.tzinfo is None:
        ask = "which zone does that moment have, and who may guess it?"
        raise NotYet(call, "a moment without a zone", wanted, ask)
    await session.commit()
    return changed
