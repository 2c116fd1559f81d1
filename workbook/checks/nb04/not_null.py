"""Check of 04.not_null: a column that is added, filled for everybody, and then required."""

import contextlib
from collections.abc import Iterator
from typing import Any

import asyncpg
from alembic import command
from sqlalchemy.exc import DBAPIError

from workbook.base.causes import causes
from workbook.checks.alembic_commands import expect_place, run_command, runs
from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.kept_rows import expect_rows_kept, rows_of
from workbook.checks.kept_schema import expect_only, schema_of
from workbook.checks.nb04.unread_keywords import unread_keywords
from workbook.checks.nb04.user_columns import NO_COLUMN, column_names, user_column, users
from workbook.checks.places import learners_line
from workbook.checks.verdict import NotYet

_NAMESAKES = """
INSERT INTO user_account (name, email, team_id)
VALUES ('Anna', 'Anna.Maria+night@nightwatch.test', 1), ('Maria', 'Anna.Maria+night@x.test', 2)
"""
"""Two who have the same login, and more in it than letters."""
_HAS_A_CHECK = """
SELECT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'user_account'::regclass
               AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%login IS NOT NULL%')
"""
_OF_A_CHECK = (
    "your CHECK refuses a user without a login; which call says it of the column, where the model"
    " has it and `alembic check` looks?"
)
_UP = "after `alembic upgrade 0007`"


async def check(answer: Answer) -> None:
    """Everybody has the right login, nobody can be added without one, and no default hides it."""
    expect_place("0007", parent="0006")
    await run_command(command.upgrade, "0006")
    await answer.observer.execute(_NAMESAKES)
    emails, rows = await users(answer, "id, email"), await rows_of(answer, "user_account", "team")
    schema = await schema_of(answer)
    for _ in range(2):
        with runs(answer, "`alembic upgrade 0007`"), _everybody_has_one(answer):
            await run_command(command.upgrade, "0007")
        await expect_rows_kept(answer, rows, "`alembic upgrade 0007`")
        await _logins(answer, emails)
        await _column_is_required(answer)
        await expect_only(answer, schema, "`alembic upgrade 0007`", "column user_account.login ")
        with runs(answer, "`alembic downgrade 0006`"):
            await run_command(command.downgrade, "0006")
        expect_state(
            "the column 'login', after `alembic downgrade 0006`",
            await user_column(answer, "login"),
            NO_COLUMN,
            "what does downgrade have to undo?",
        )
        await expect_rows_kept(answer, rows, "`alembic downgrade 0006`")
        await expect_only(answer, schema, "`alembic downgrade 0006`")


@contextlib.contextmanager
def _everybody_has_one(answer: Answer) -> Iterator[None]:
    """Say of NOT NULL that came too early what it found."""
    try:
        yield
    except DBAPIError as error:
        found = [e for e in causes(error) if isinstance(e, asyncpg.NotNullViolationError)]
        if not found:
            raise
        raise NotYet(
            learners_line(error, answer.workspace),
            got=f"PostgreSQL refuses: {found[0].message}",
            wanted="NOT NULL, as soon as everybody has a login",
            ask="which users have a login when this line runs, and where did they get it?",
            label="You wrote",
        ) from None


async def _logins(answer: Answer, emails: list[tuple[Any, ...]]) -> None:
    columns = ", ".join(await column_names(answer))
    if "login" not in columns.split(", "):
        ask = "which column does the model have?"
        seen, wanted = f"the columns of the users, {_UP}", "a column 'login'"
        raise NotYet.looked_at(seen, got=columns, wanted=wanted, ask=ask)
    found = await users(answer, "id, login")
    ask = "which statement removes users?"
    expect_state(f"the number of users, {_UP}", len(found), len(emails), ask)
    logins = [login for _, login in found]
    for login, (_, email) in zip(logins, emails, strict=True):
        if login != (wanted := email.partition("@")[0]):
            raise NotYet.looked_at(
                f"the login of {email}, {_UP}",
                got=show(login),
                wanted=show(wanted),
                ask=_question(login, email, logins),
            )


def _question(login: str | None, email: str, logins: list[str | None]) -> str:
    """The question that leads from this login to the right one."""
    if login is None and not any(logins):
        return "which statement gives a login to those who are there?"
    if not login and any(logins):
        return "which users does your statement reach?"
    if len(set(logins)) == 1:
        return "where does that value come from, and can it differ from user to user?"
    if login == email:
        return "how much of the email is the login?"
    if login == email.partition("@")[2]:
        return "which side of the `@` is the login?"
    if (login or "") == email.partition("@")[0].lower():
        return "what happens to capital letters?"
    return "of what does your statement make this login, and of what should it?"


async def _column_is_required(answer: Answer) -> None:
    column = await user_column(answer, "login")
    unread = unread_keywords("0007") if "may be NULL" in column else ""
    ask = "which statement has PostgreSQL refuse a user without a login?"
    if unread:
        ask = "which keyword of `op.alter_column` says that a column may not be NULL?"
    elif await answer.observer.fetchval(_HAS_A_CHECK):
        ask = _OF_A_CHECK
    elif "default" in column:
        ask = "which login does somebody get who is added without one?"
    elif "generated" in column:
        ask = "can somebody choose a login, or does PostgreSQL compute it for ever?"
    elif "at most" in column:
        ask = "what does the model say about the column?"
    expect_state(f"the column 'login', {_UP}", f"{column}{unread}", "NOT NULL", ask)
