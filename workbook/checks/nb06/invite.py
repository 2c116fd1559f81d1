"""06.invite: savepoints, in a transaction that is the lender's."""

from typing import Any

from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks.answer import Answer, expect, show
from workbook.checks.connections import app_engine
from workbook.checks.nb06.stored_users import rows_of
from workbook.checks.verdict import NotYet

EMAILS = ["n1@x", "ada@nightwatch.test", "n2@x", "n1@x", "ben@nightwatch.test", "n3@x"]
"""Whom to invite: three are new, two are there already, one is named twice."""
UNDONE = "how much was undone when one of them failed?"


async def check(answer: Answer) -> None:
    """The good are kept, the known are named, in order; the transaction stays the lender's."""
    from app.database import session_factory

    function = answer.get()
    async with app_engine():
        async with session_factory.begin() as session:
            await _invites_within(answer, function, session)
        await _stored_after_commit(answer)
        await _joined_the_team(answer)
        await _passes_other_errors_on(function, session_factory)


async def _invites_within(answer: Answer, function: Any, session: AsyncSession) -> None:
    """Invite in a transaction that has written before, that nobody else sees, and that goes on."""
    await session.execute(text("INSERT INTO team (name) VALUES ('before')"))
    refused = await _refused(function, session)
    known = ["ada@nightwatch.test", "n1@x", "ben@nightwatch.test"]
    expect("what invite returned", refused, known, "who was there already?")
    early = await rows_of(answer, "n1@x")
    expect("the rows that others see before the lender commits", early, 0, "whose commit is it?")
    await _goes_on(session)


async def _stored_after_commit(answer: Answer) -> None:
    stored = [email for email in ("n1@x", "n2@x", "n3@x") if await rows_of(answer, email)]
    wanted = ["n1@x", "n2@x", "n3@x"]
    expect("who is stored after the lender's commit", stored, wanted, UNDONE)
    kept = await answer.observer.fetchval("SELECT count(*) FROM team WHERE name = 'before'")
    expect("the rows that the lender wrote before", kept, 1, UNDONE)


async def _refused(function: Any, session: AsyncSession) -> Any:
    try:
        return await function(session, 2, EMAILS)
    except exc.SQLAlchemyError as error:
        raise NotYet(
            "invite, where some are there already",
            got=f"it raised {type(error).__name__}",
            wanted="the emails that were there already",
            ask="what happens to a transaction when one of its statements fails?"
            if isinstance(error, exc.PendingRollbackError | exc.DBAPIError)
            else "what did you end that was not yours?",
        ) from None


async def _goes_on(session: AsyncSession) -> None:
    try:
        await session.execute(text("SELECT 1"))
    except exc.SQLAlchemyError as error:
        raise NotYet(
            "the lender's session, after invite",
            got=f"{type(error).__name__}: {str(error).splitlines()[0]}",
            wanted="a session that can go on",
            ask="what did you end that was not yours?",
        ) from None


async def _joined_the_team(answer: Answer) -> None:
    team = await answer.observer.fetchval("SELECT team_id FROM user_account WHERE email = 'n2@x'")
    expect("the team of a new user", team, 2, "into which team were they invited?")


async def _passes_other_errors_on(function: Any, sessions: Any) -> None:
    """A team that does not exist is no email that is there already: it must not be swallowed."""
    try:
        async with sessions.begin() as session:
            refused = await function(session, 1, ["\0"])
    except exc.DBAPIError:
        return
    raise NotYet(
        "invite, with an email that PostgreSQL refuses for another reason",
        got=f"it returned {show(refused)}",
        wanted="the error, for the caller",
        ask="which errors mean that somebody is there already?",
    )
