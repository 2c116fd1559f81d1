"""Check of 04.not_null: a column that is added, filled for everybody, and then required."""

from typing import Any

from alembic import command

from workbook.checks.alembic_commands import no_command_error, run_command
from workbook.checks.answer import Answer, expect
from workbook.checks.nb04.user_columns import NO_COLUMN, user_column, users

_NAMESAKES = """
INSERT INTO user_account (name, email, team_id)
VALUES ('Anna', 'Anna.Maria+night@nightwatch.test', 1), ('Maria', 'Anna.Maria+night@x.test', 2)
"""
"""Two who have the same login, and more in it than letters."""


async def check(answer: Answer) -> None:
    """Everybody has the right login, nobody can be added without one, and no default hides it."""
    await run_command(command.upgrade, "0006")
    await answer.observer.execute(_NAMESAKES)
    emails = await users(answer, "id, email")
    with no_command_error("upgrade to 0007", "did `revision` or `down_revision` change?"):
        for _ in range(2):
            await run_command(command.upgrade, "0007")
            await _logins(answer, emails)
            await _column_is_required(answer)
            await run_command(command.downgrade, "0006")
            expect(
                "the column 'login', after the downgrade",
                await user_column(answer, "login"),
                NO_COLUMN,
                "what does downgrade have to undo?",
            )


async def _logins(answer: Answer, emails: list[tuple[Any, ...]]) -> None:
    ask = "which column did you add?"
    found = await users(answer, "id, login", after=", after the upgrade", ask=ask)
    expect("the number of users, after the upgrade", len(found), len(emails), "who is missing?")
    for (_, login), (_, email) in zip(found, emails, strict=True):
        expect(
            f"the login of {email}, after the upgrade",
            login,
            email.partition("@")[0],
            "what does the UPDATE make of an email?",
        )


async def _column_is_required(answer: Answer) -> None:
    column = await user_column(answer, "login")
    ask = "what happens when somebody adds a user without a login?"
    if "at most" in column:
        ask = "what does the model say about the column?"
    expect("the column 'login', after the upgrade", column, "NOT NULL", ask)
