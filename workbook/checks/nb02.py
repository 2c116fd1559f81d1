"""Checks of notebook 02: typed models, loading a page, rules in the database."""

import re
import subprocess
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
from sqlalchemy import event, exc, insert
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import configure_mappers

from workbook import data
from workbook.checks import type_checker
from workbook.checks.answer import Answer, expect, show
from workbook.checks.registry import checks
from workbook.checks.verdict import NotYet
from workbook.urls import for_sqlalchemy


def _engine(answer: Answer) -> AsyncEngine:
    return create_async_engine(for_sqlalchemy(answer.url))


async def _tables(models: ModuleType, engine: AsyncEngine) -> None:
    """Make the tables of the learner's models; NotYet with the reason where they do not fit."""
    try:
        configure_mappers()
        async with engine.begin() as connection:
            await connection.run_sync(models.Base.metadata.create_all)
    except exc.SQLAlchemyError as error:
        reason = str(error).splitlines()[0]
        raise NotYet(
            "the models, put together",
            f"{type(error).__name__}: {reason}",
            "tables that PostgreSQL can make",
            "what do two models have to agree on, and which of them does not keep it?",
        ) from None


async def _columns(answer: Answer, table: str) -> dict[str, tuple[str, bool]]:
    """Each column's type and whether it may be NULL, as PostgreSQL has it."""
    rows = await answer.observer.fetch(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_name = $1",
        table,
    )
    return {row[0]: (row[1], row[2] == "YES") for row in rows}


# Types


MODELS = "app/models.py"
TYPES = {"id": "int", "name": "str", "email": "str", "phone": "str | None", "team_id": "int"}


def prepare() -> "subprocess.Popen[bytes] | None":
    """What the first check would wait for, long before it is asked for."""
    return type_checker.fill("02", MODELS)


@checks("02.types")
async def types(answer: Answer) -> None:
    """mypy knows each attribute's type, and the table says the same."""
    user = answer.get()
    _checker_agrees()
    engine = _engine(answer)
    try:
        await _tables(answer.load(), engine)
    finally:
        await engine.dispose()
    columns = await _columns(answer, user.__tablename__)
    for name, kind in TYPES.items():
        if name not in columns:
            raise NotYet(
                "the table of User",
                f"there is no column {name!r}",
                "a column",
                "did a column get lost while you typed it?",
            )
        wanted = "NULL is allowed" if "None" in kind else "never NULL"
        got = "NULL is allowed" if columns[name][1] else "never NULL"
        expect(
            f"the column {name!r} of the table",
            got,
            wanted,
            "what should the table say when the type says " + kind + "?",
        )
    await _email_is_unique(answer, user.__tablename__)
    await _team_is_indexed(answer, user.__tablename__)
    await _relation_is_loud(answer, user)
    team = answer.get("Team")(name="night")
    expect(
        "team.users, after User(team=team)",
        len(user(team=team).team.users),
        1,
        "how do the two ends of a relationship know of each other?",
    )


async def _team_is_indexed(answer: Answer, table: str) -> None:
    if not await answer.observer.fetchval(_INDEXED, table, "team_id"):
        raise NotYet(
            f"the table {table}",
            "no index on team_id",
            "an index",
            "how does PostgreSQL find everything that belongs to one team?",
        )


async def _relation_is_loud(answer: Answer, kind: Any) -> None:
    """Reading `team` without loading it names the attribute, and asks the database nothing."""
    from sqlalchemy.orm import make_transient_to_detached

    found = kind(id=1, team_id=1)
    make_transient_to_detached(found)
    async with async_sessionmaker(engine := _engine(answer))() as session:
        session.add(found)
        try:
            found.team  # noqa: B018
        except exc.MissingGreenlet:
            pass
        except exc.InvalidRequestError:
            return
        finally:
            await engine.dispose()
    raise NotYet(
        f"{kind.__name__.lower()}.team, not loaded",
        "a hidden query",
        "an error that names it",
        "which option of a relationship makes forgetting loud?",
    )


_INDEXED = """
SELECT count(*) FROM pg_index AS i
JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE i.indrelid = $1::regclass AND a.attname = $2
"""


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


@checks("02.roster")
async def roster(answer: Answer) -> None:
    """The right teams in the right order, people loaded, two statements at most, any page."""
    function = answer.get()
    engine = _engine(answer)
    try:
        await _company(engine)
        for offset, limit in ((0, 2), (1, 3), (0, 9)):
            await _page(answer, function, engine, offset, limit)
    finally:
        await engine.dispose()


async def _company(engine: AsyncEngine) -> None:
    from app import models

    await _tables(models, engine)
    async with engine.begin() as connection:
        await connection.run_sync(data.fill, models.Base.metadata)
        await connection.execute(insert(models.Team), [{"name": "archive"}])  # nobody is in it


async def _page(
    answer: Answer, function: Any, engine: AsyncEngine, offset: int, limit: int
) -> None:
    call = f"roster(session, {offset}, {limit})"
    sent: list[str] = []
    listen = lambda *args: sent.append(args[2])  # noqa: E731
    event.listen(engine.sync_engine, "before_cursor_execute", listen)
    async with async_sessionmaker(engine, expire_on_commit=False)() as session:
        teams = await function(session, offset, limit)
    event.remove(engine.sync_engine, "before_cursor_execute", listen)
    if not isinstance(teams, list):
        raise NotYet(
            call,
            f"it returned {show(teams)}",
            "a list of teams",
            "what is left of a result when its session is closed?",
        )
    names = [
        row[0]
        for row in await answer.observer.fetch(
            "SELECT name FROM team ORDER BY name OFFSET $1 LIMIT $2", offset, limit
        )
    ]
    expect(
        f"the teams of {call}",
        [team.name for team in teams],
        names,
        "which team comes first, and which part of the statement says so?",
    )
    for team in teams:
        await _people(answer, call, team)
    if len(sent) > 2:
        raise NotYet(
            call,
            f"it sent {len(sent)} statements for {len(teams)} teams",
            "two at most, for any page",
            "which statement is sent once for each team?",
        )


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
        "does the page cut teams, or does it cut rows of a join?",
    )


# Rules and clocks


@checks("02.incident")
async def incident(answer: Answer) -> None:
    """Moments with a zone, a default and an update the app can read; a guarded severity."""
    models, kind = answer.load(), answer.get()
    engine = _engine(answer)
    try:
        await _tables(models, engine)
        await _moments(answer)
        await _severity(answer)
        await _team_is_indexed(answer, "incident")
        await _relation_is_loud(answer, kind)
        await _changed(kind, engine)
    finally:
        await engine.dispose()


INSERT = "INSERT INTO incident (title, severity, team_id) VALUES ('x', $1, 1)"


async def _moments(answer: Answer) -> None:
    columns = await _columns(answer, "incident")
    for name in ("opened_at", "changed_at"):
        kind = columns.get(name, ("not there", False))[0]
        expect(
            f"the column {name!r} of the table",
            kind,
            "timestamp with time zone",
            "does the column store a moment, or what a clock on some wall shows?",
        )
    await answer.observer.execute("INSERT INTO team (name) VALUES ('payments')")
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
    for bad in ("high", "", "Minor"):
        try:
            await answer.observer.execute(INSERT, bad)
        except (
            asyncpg.CheckViolationError,
            asyncpg.InvalidTextRepresentationError,
            asyncpg.ForeignKeyViolationError,
        ):
            continue
        raise NotYet(
            f"an INSERT of the severity {bad!r}, not from your app",
            "a new row",
            "PostgreSQL refuses it",
            "who keeps the rule when Python is not asked?",
        )


async def _changed(kind: Any, engine: AsyncEngine) -> None:
    call = "incident.changed_at, after a flush of a change"
    async with async_sessionmaker(engine, expire_on_commit=False)() as session:
        found: Any = await session.get(kind, 1)
        found.title = "another title"
        await session.flush()
        try:
            changed = found.changed_at
        except exc.MissingGreenlet:
            raise NotYet(
                call,
                "MissingGreenlet: PostgreSQL knows it, and nobody asked",
                "the moment of the change",
                "which mapper option asks for such values in the same statement?",
            ) from None
    if not isinstance(changed, datetime):
        raise NotYet(
            call,
            show(changed),
            "the moment of the change",
            "which argument of a column speaks about updates?",
        )
