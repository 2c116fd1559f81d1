"""06.invite: savepoints, in a transaction that is the lender's."""

from typing import Any

from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from workbook.checks.answer import Answer, expect, expect_state, show
from workbook.checks.connections import app_engine
from workbook.checks.handlers import function_takes
from workbook.checks.nb06 import at_once, savepoints
from workbook.checks.nb06.stored_users import rows_of
from workbook.checks.own_errors import none_in_its_place
from workbook.checks.verdict import NotYet

EMAILS = ["n1@x", "ada@nightwatch.test", "n2@x", "n1@x", "ben@nightwatch.test", "n3@x"]
"""Whom to invite: three are new, two are there already, one is named twice."""
KNOWN = ["ada@nightwatch.test", "n1@x", "ben@nightwatch.test"]
CALL = f"invite(session, 2, {EMAILS})"
AFTER = "invite(session, 2, emails)"
UNDONE = "how much was undone when one of them failed?"
NOT_YOURS = "what did you end that was not yours?"


async def check(answer: Answer) -> None:
    """The good are kept, the known are named, in order; the transaction stays the lender's."""
    from app.database import session_factory

    function = answer.get()
    async with app_engine() as engine:
        async with session_factory.begin() as session:
            await _invites_within(answer, function, session, engine)
        await _stored_after_commit(answer)
        await _joined_the_team(answer)
        await at_once.is_told_of_the_other(answer, function, session_factory)
        await _passes_other_errors_on(answer, function, session_factory)


async def _invites_within(
    answer: Answer, function: Any, session: AsyncSession, engine: AsyncEngine
) -> None:
    """Invite in a transaction that has written before, that nobody else sees, and that goes on."""
    await session.execute(text("INSERT INTO team (name) VALUES ('before')"))
    with savepoints.traced(engine, session) as sent:
        refused = await _refused(function, session, sent)
    expect(CALL, refused, KNOWN, _who_was_there(refused, sent))
    early = await rows_of(answer, "n1@x")
    called = f"{AFTER}: the rows that others see before the lender commits"
    expect_state(called, early, 0, "whose commit is it?")
    await _goes_on(session)


def _who_was_there(refused: Any, sent: list[str]) -> str:
    """The question for who names others than those that were there already."""
    if not isinstance(refused, list):
        return "what does invite return?"
    if sorted(map(str, refused)) == sorted(KNOWN):
        return "in which order were they named?"
    if refused == [each for each in KNOWN if each != "n1@x"]:
        return "who is there already, when the list names somebody twice?"
    if not any(each.startswith("INSERT") for each in sent):
        return "when is a user sent that was added: in your loop, or after it?"
    about = savepoints.question(sent) if savepoints.opened_by(sent) else ""
    tried = sum(each.startswith("INSERT") for each in sent)
    if not about and tried < len(EMAILS) and refused and refused == KNOWN[: len(refused)]:
        return "how many of the six were tried?"
    return about or "who was there already?"


async def _stored_after_commit(answer: Answer) -> None:
    stored = [email for email in ("n1@x", "n2@x", "n3@x") if await rows_of(answer, email)]
    wanted = ["n1@x", "n2@x", "n3@x"]
    expect_state(f"{AFTER}: who is stored after the lender's commit", stored, wanted, UNDONE)
    kept = await answer.observer.fetchval("SELECT count(*) FROM team WHERE name = 'before'")
    expect_state(f"{AFTER}: the rows that the lender wrote before", kept, 1, UNDONE)


async def _refused(function: Any, session: AsyncSession, sent: list[str]) -> Any:
    try:
        return await function(session, 2, EMAILS)
    except exc.DBAPIError as error:
        name = getattr(error.driver_exception, "constraint_name", None)
        got = f"it raised {type(error).__name__}, of the constraint {name}"
        ask = savepoints.question(sent) or _who_takes_it(function, error)
        raise NotYet(CALL, got=got, wanted=show(KNOWN), ask=ask) from None
    except exc.PendingRollbackError:
        ask = savepoints.question(sent) or UNDONE
        raise NotYet(
            CALL, got="it raised PendingRollbackError", wanted=show(KNOWN), ask=ask
        ) from None
    except exc.InvalidRequestError as error:
        got = f"it raised InvalidRequestError: {str(error).splitlines()[0]}"
        ask = savepoints.question(sent) if savepoints.opened_by(sent) else ""
        ask = "" if savepoints.ended_all(sent) else ask
        if "already begun" in got:
            ask = "which transaction is open already, and what can be opened within it?"
        raise NotYet(CALL, got=got, wanted=show(KNOWN), ask=ask or NOT_YOURS) from None


def _who_takes_it(function: Any, error: Exception) -> str:
    """The question about an error that was raised again, or that no `except` has met."""
    if function_takes(function, error):
        return "which constraint says that an email is there already?"
    return f"which `except` of yours is for an error of the class {type(error).__name__}?"


async def _goes_on(session: AsyncSession) -> None:
    try:
        await session.execute(text("SELECT 1"))
    except exc.SQLAlchemyError as error:
        raise NotYet(
            f"{AFTER}, then a query of the lender's",
            got=f"{type(error).__name__}: {str(error).splitlines()[0]}",
            wanted="a session that can go on",
            ask=NOT_YOURS,
        ) from None


async def _joined_the_team(answer: Answer) -> None:
    team = await answer.observer.fetchval("SELECT team_id FROM user_account WHERE email = 'n2@x'")
    expect_state(f"{AFTER}: the team of a new user", team, 2, "into which team were they invited?")


async def _passes_other_errors_on(answer: Answer, function: Any, sessions: Any) -> None:
    """An email that cannot be stored, or a team that does not exist, is nobody who is there."""
    for team, email, why, ask in (
        (1, "\0", "which PostgreSQL cannot store", "which errors mean that somebody is there?"),
        (
            99_999,
            "nobody@x",
            "and there is no such team",
            "which constraint says that somebody is there already, and which says something else?",
        ),
    ):
        call = f"invite(session, {team}, [{email!r}]), {why}"
        try:
            async with sessions.begin() as session:
                with none_in_its_place(call, answer.workspace):
                    refused = await function(session, team, [email])
        except exc.DBAPIError:
            continue
        got, wanted = f"it returned {show(refused)}", "the error, for the caller"
        raise NotYet(call, got=got, wanted=wanted, ask=ask)
