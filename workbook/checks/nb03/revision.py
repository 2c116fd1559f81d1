"""Check of 03.revision: a column and its rule come, go and come again, and no team is lost."""

import contextlib
from collections.abc import Iterator

import asyncpg
from alembic import command
from sqlalchemy.exc import DBAPIError

from workbook.base.causes import causes
from workbook.checks.alembic_commands import expect_place, run_command, runs
from workbook.checks.answer import Answer, expect_state
from workbook.checks.kept_rows import expect_rows_kept, rows_of
from workbook.checks.kept_schema import expect_only, schema_of
from workbook.checks.nb03.constraint_names import constraint_found
from workbook.checks.nb03.team_columns import NO_COLUMN, team_column_type
from workbook.checks.places import learners_line
from workbook.checks.verdict import NotYet

_NAME = "ck_team_escalate_after_positive"
_TABLES = ("team", "user_account", "incident")
_ADDED = ("column team.escalate_after ", f"constraint {_NAME} ")
_UNDO = "what does downgrade have to undo?"


async def check(answer: Answer) -> None:
    """The column and its rule come, go and come again, and no team is lost."""
    expect_place("0002", parent="0001")
    await run_command(command.stamp, "0001")
    teams = await answer.observer.fetchval("SELECT count(*) FROM team")
    values, schema = await rows_of(answer, *_TABLES), await schema_of(answer)
    with runs(answer, "`alembic upgrade 0002`"), _rows_allow_it(answer):
        await run_command(command.upgrade, "0002")
    await _column_and_rule(answer)
    await answer.observer.execute("UPDATE team SET escalate_after = 15 WHERE id = 1")
    await expect_rows_kept(answer, values, "`alembic upgrade 0002`", without=["escalate_after"])
    await expect_only(answer, schema, "`alembic upgrade 0002`", *_ADDED)
    with _downgrades(answer):
        await run_command(command.downgrade, "0001")
    column = await team_column_type(answer, "escalate_after")
    expect_state("the column escalate_after, after the downgrade", column, NO_COLUMN, _UNDO)
    await expect_rows_kept(answer, values, "`alembic downgrade 0001`")
    await expect_only(answer, schema, "`alembic downgrade 0001`")
    with _rows_allow_it(answer):
        await run_command(command.upgrade, "0002")
    await _column_and_rule(answer)
    expect_state(
        "the number of teams, after up, down and up",
        await answer.observer.fetchval("SELECT count(*) FROM team WHERE name <> 'probe'"),
        teams,
        "which statement touches rows?",
    )


@contextlib.contextmanager
def _downgrades(answer: Answer) -> Iterator[None]:
    """What PostgreSQL may refuse of a downgrade, as sentences."""
    call = "`alembic downgrade 0001`"
    with runs(answer, call), constraint_found(call, _NAME), _rows_allow_it(answer):
        yield


_BEFORE = "what stands in the new column of a team that was there before"
_OF_ROWS = (
    (
        asyncpg.DependentObjectsStillExistError,
        "what has upgrade added, and what does this line take away?",
    ),
    (
        asyncpg.ForeignKeyViolationError,
        "which statement takes rows away, and does the task ask for it?",
    ),
    (asyncpg.CheckViolationError, f"{_BEFORE}, and where does it come from?"),
    (
        asyncpg.UndefinedFunctionError,
        "which type does the model give to the column, and which one does the revision?",
    ),
    (asyncpg.NotNullViolationError, f"{_BEFORE}, and does the model require a value?"),
)
"""What PostgreSQL refuses because of rows that are there, each with its question."""


@contextlib.contextmanager
def _rows_allow_it(answer: Answer) -> Iterator[None]:
    """Say of a statement that the teams of the database do not allow what PostgreSQL found."""
    try:
        yield
    except DBAPIError as error:
        found = [(e, ask) for e in causes(error) for kind, ask in _OF_ROWS if isinstance(e, kind)]
        if not found:
            raise
        refusal, ask = found[0]
        raise NotYet(
            learners_line(error, answer.workspace),
            got=f"PostgreSQL refuses: {str(refusal).splitlines()[0]}",
            wanted=_wanted(refusal),
            ask=ask,
            label="You wrote",
        ) from None


def _wanted(refusal: BaseException) -> str:
    if isinstance(refusal, asyncpg.UndefinedFunctionError):
        return "a column and a rule as the model has them"
    return "every team still there, and a revision that their rows allow"


async def _column_and_rule(answer: Answer) -> None:
    expect_state(
        "the column escalate_after, after the upgrade",
        await team_column_type(answer, "escalate_after"),
        "integer",
        "what does the model say about the column?",
    )
    for good in (1, 2**31 - 1, None):
        await _is_stored(answer, good)
    await _nobody_has_one(answer)
    for bad in (-5, 0, -1, -(2**31)):
        await _is_refused(answer, bad)


_INSERT = "INSERT INTO team (name, escalate_after) VALUES ('probe', $1)"
_DELETE = "DELETE FROM team WHERE name = 'probe'"


async def _is_stored(answer: Answer, value: int | None) -> None:
    try:
        await answer.observer.execute(_INSERT, value)
    except asyncpg.PostgresError as error:
        raise NotYet.looked_at(
            f"an INSERT of escalate_after = {value}, after the upgrade",
            got=f"refused: {error}",
            wanted="a new row",
            ask="which values does the model allow?",
        ) from None
    await answer.observer.execute(_DELETE)


async def _nobody_has_one(answer: Answer) -> None:
    """Neither a team that was there before has a value, nor one that comes without."""
    await answer.observer.execute("INSERT INTO team (name) VALUES ('probe')")
    filled = await answer.observer.fetchval("SELECT count(escalate_after) FROM team")
    await answer.observer.execute(_DELETE)
    expect_state(
        "how many teams have an escalate_after, before anybody has set one",
        filled,
        0,
        "which value does the model give to a team that says nothing?",
    )


async def _is_refused(answer: Answer, value: int) -> None:
    try:
        await answer.observer.execute(_INSERT, value)
    except asyncpg.CheckViolationError as error:
        name = error.constraint_name or ""
        expect_state("the name of the constraint that refused", name, _NAME, _whose_name(name))
        return
    await answer.observer.execute(_DELETE)
    raise NotYet.looked_at(
        f"an INSERT of escalate_after = {value}, after the upgrade",
        got="a new row",
        wanted="PostgreSQL refuses it",
        ask=await _why_not_refused(answer),
    )


async def _why_not_refused(answer: Answer) -> str:
    """The question about a number that was stored, by the constraints that the table has."""
    rows = await answer.observer.fetch(
        "SELECT contype::text FROM pg_constraint WHERE conrelid = 'team'::regclass"
    )
    kinds = [row[0] for row in rows]
    if "c" in kinds:
        return "which numbers does the rule of the model refuse?"
    if kinds.count("u") > 1:
        return "what does UNIQUE compare: a value with a condition, or one row with the others?"
    return "which of the two changes of the model did autogenerate not see?"


def _whose_name(name: str) -> str:
    if name.startswith("ck_team_ck_team"):
        return "what does the naming convention do to the name that you give?"
    if name.startswith("ck_team_"):
        return "which name does the model give to its rule?"
    return "who gave the constraint that name, and would the naming convention have?"
