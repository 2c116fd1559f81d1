"""Check of 03.revision: a column and its rule come, go and come again, and no team is lost."""

import asyncpg
from alembic import command

from workbook.checks.alembic_commands import no_command_error, run_command
from workbook.checks.answer import Answer, expect
from workbook.checks.nb03.team_columns import team_column_type
from workbook.checks.verdict import NotYet


async def check(answer: Answer) -> None:
    """The column and its rule come, go and come again, and no team is lost."""
    await run_command(command.stamp, "0001")
    teams = await answer.observer.fetchval("SELECT count(*) FROM team")
    with no_command_error("upgrade to 0002", "did `revision` or `down_revision` change?"):
        await run_command(command.upgrade, "0002")
        await _column_and_rule(answer)
        await run_command(command.downgrade, "0001")
    expect(
        "the column escalate_after, after the downgrade",
        await team_column_type(answer, "escalate_after"),
        None,
        "what does downgrade have to undo?",
    )
    with no_command_error("upgrade, after a downgrade", "what did the downgrade leave behind?"):
        await run_command(command.upgrade, "0002")
    await _column_and_rule(answer)
    expect(
        "the number of teams, after up, down and up",
        await answer.observer.fetchval("SELECT count(*) FROM team WHERE name <> 'probe'"),
        teams,
        "which statement touches rows?",
    )


async def _column_and_rule(answer: Answer) -> None:
    expect(
        "the column escalate_after, after the upgrade",
        await team_column_type(answer, "escalate_after"),
        "integer",
        "what does the model say about the column?",
    )
    for good in (1, 2**31 - 1, None):
        await _is_stored(answer, good)
    await _nobody_has_one(answer)
    for bad in (-5, 0):
        await _is_refused(answer, bad)


_INSERT = "INSERT INTO team (name, escalate_after) VALUES ('probe', $1)"
_DELETE = "DELETE FROM team WHERE name = 'probe'"


async def _is_stored(answer: Answer, value: int | None) -> None:
    try:
        await answer.observer.execute(_INSERT, value)
    except asyncpg.PostgresError as error:
        raise NotYet(
            f"an INSERT of escalate_after = {value}",
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
    expect(
        "how many teams have an escalate_after, before anybody has set one",
        filled,
        0,
        "which value does the model give to a team that says nothing?",
    )


async def _is_refused(answer: Answer, value: int) -> None:
    try:
        await answer.observer.execute(_INSERT, value)
    except asyncpg.CheckViolationError as error:
        expect(
            "the name of the constraint that refused",
            error.constraint_name,
            "ck_team_escalate_after_positive",
            "what does the naming convention do to the name that you give?",
        )
        return
    await answer.observer.execute(_DELETE)
    raise NotYet(
        f"an INSERT of escalate_after = {value}",
        got="a new row",
        wanted="PostgreSQL refuses it",
        ask="which of the two changes did autogenerate not see?",
    )
