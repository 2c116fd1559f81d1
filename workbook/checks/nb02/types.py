"""Check of 02.types: mypy knows each attribute's type, and the table says the same."""

import inspect
import re
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy
from sqlalchemy import exc, insert
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.checks.answer import Answer, expect_state
from workbook.checks.connections import own_engine
from workbook.checks.kept_schema import schema_of
from workbook.checks.nb02 import type_checker
from workbook.checks.nb02.schema import (
    create_tables,
    expect_columns_as_typed,
    expect_loud_relation,
    expect_team_indexed,
)
from workbook.checks.verdict import NotYet

_TYPES = {"id": "int", "name": "str", "email": "str", "phone": "str | None", "team_id": "int"}


async def check(answer: Answer) -> None:
    """mypy knows each attribute's type, and the table says the same."""
    user = answer.get()
    _mypy_agrees(user)
    async with own_engine(answer) as engine:
        await create_tables(answer.load(), engine)
        await expect_columns_as_typed(answer, user.__tablename__, _TYPES)
        await _holds_people(answer, user.__table__, engine)
    await _email_is_unique(answer, user.__tablename__)
    await expect_team_indexed(answer, user.__tablename__)
    await expect_loud_relation(answer, user)
    await _table_is_as_before(answer)
    team = answer.get("Team")(name="night")
    expect_state(
        "team.users, after User(team=team)",
        len(user(team=team).team.users),
        1,
        "how do the two ends of a relationship know of each other?",
    )


_COLUMNS = {
    "column user_account.name character varying, NOT NULL",
    "column user_account.email character varying, NOT NULL",
    "column user_account.phone character varying",
    "column user_account.team_id integer, NOT NULL",
    "constraint fk_user_account_team_id_team FOREIGN KEY (team_id) REFERENCES team(id)",
}


async def _table_is_as_before(answer: Answer) -> None:
    """The hints are new; lengths, defaults, columns and rules are those of before."""
    begins = ("column user_account.", "constraint fk_user_account", "constraint ck_user_account")
    lines = {each for each in await schema_of(answer) if each.startswith(begins)}
    other = {each for each in lines - _COLUMNS if not each.startswith("column user_account.id ")}
    if other:
        raise NotYet.looked_at(
            "the table user_account",
            got=", ".join(sorted(other)),
            wanted=", ".join(sorted(_COLUMNS - lines)) or "no such line",
            ask="which columns, and which arguments of `mapped_column`, were there before?",
        )


def _mypy_agrees(user: Any) -> None:
    """Run mypy, strict, on the models and on a use of each attribute."""
    Path("probe.py").write_text(_probe(), "utf-8")
    code, said = type_checker.run_mypy("probe.py", type_checker.MODELS)
    if code > 1:  # mypy itself failed; its silence is no agreement
        raise AssertionError(f"mypy did not run: {said[-800:]}")
    _attributes_are_typed(user, said)
    if problem := re.search(r"^(?:app/models|probe)\.py:(\d+): error: (.+)$", said, re.M):
        raise NotYet.looked_at(
            "mypy, strict, on app/models.py",
            got=f"line {problem[1]}: {problem[2]}",
            wanted="no complaint",
            ask="what does that line promise, and what does it hold?",
        )
    if code:  # it complains, and not in a way that is known here
        raise AssertionError(f"mypy says what nobody understood: {said[-800:]}")


_PROBE_HEAD = """\
from typing import assert_type
from app.models import User
def probe(user: User) -> None:
"""


def _probe() -> str:
    """A module that asks mypy for the type of each attribute, one on a line."""
    asked = (f"    assert_type(user.{name}, {kind})\n" for name, kind in _TYPES.items())
    return _PROBE_HEAD + "".join(asked)


def _attributes_are_typed(user: Any, said: str) -> None:
    for line, name in enumerate(_TYPES, _PROBE_HEAD.count("\n") + 1):
        if re.search(rf"^probe\.py:{line}: error: .* has no attribute ", said, re.M):
            raise NotYet.looked_at(
                "the attributes of User", got=f"there is no {name!r}", wanted=f"{name!r}, too"
            )
        if found := re.search(rf'^probe\.py:{line}: error: .*?type "([^"]+)"', said, re.M):
            raise NotYet.looked_at(
                f"mypy, about user.{name}",
                got=f"it is {found[1]!r}",
                wanted=repr(_TYPES[name]),
                ask=_about_hint(user, name, found[1]),
            )


def _about_hint(user: Any, name: str, found: str) -> str:
    """The question for a hint that says another type than the wanted one."""
    if not any(name in inspect.get_annotations(each) for each in user.__mro__):
        return "which column has no hint?"
    if found == "Any":
        return "which mistakes does a type checker find in a value that may be anything?"
    if hasattr(sqlalchemy, found.partition(" ")[0]):
        return "is that a type of Python's values, or of a column in SQL?"
    return "which hint inside Mapped[…] makes the checker say that?"


_ADA = {"name": "Ada", "email": "ada@nightwatch.test", "team_id": 1}


async def _holds_people(answer: Answer, table: Any, engine: AsyncEngine) -> None:
    """Nobody without name, email and team is stored; a phone is never made up, or kept unique."""
    await answer.observer.execute("INSERT INTO team (name) VALUES ('night')")
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for name in _ADA:
            row = {key: value for key, value in _ADA.items() if key != name}
            await _is_refused(connection.execute(insert(table), row), name)
        await connection.execute(insert(table), _ADA)
    expect_state(
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
    raise NotYet.looked_at(
        f"a User without {name}, stored",
        got="a new row",
        wanted="PostgreSQL refuses it",
        ask=f"no {name} was given: where does this one come from?",
    )


async def _only_email_is_unique(answer: Answer, table: Any) -> None:
    columns = f"INSERT INTO {table} (name, phone, email, team_id)"
    try:
        await answer.observer.execute(
            f"{columns} VALUES ('Ben', '+1', 'ben@n.test', 1), ('Ben', '+1', 'b@n.test', 1)"
        )
    except asyncpg.UniqueViolationError as error:
        raise NotYet.looked_at(
            "an INSERT of two people who share name, phone and team",
            got=f"refused: {error.detail}",
            wanted="two rows",
            ask="which columns were unique before you typed them?",
        ) from None


async def _email_is_unique(answer: Answer, table: str) -> None:
    unique = await answer.observer.fetchval(
        "SELECT count(*) FROM pg_index AS i JOIN pg_attribute AS a"
        " ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
        " WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indnatts = 1"
        " AND a.attname = 'email'",
        table,
    )
    if not unique:
        raise NotYet.looked_at(
            "the table of User",
            got="two users may have one email",
            wanted="each email once",
            ask="what did the column say about the email before you typed it?",
        )
