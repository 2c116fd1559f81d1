"""07.users: functions that ask the database, in a transaction that is their caller's."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Result, ScalarResult, exc, text
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.nb07.loads import loads, no_row
from workbook.checks.nb07.sessions import app_sessions, callers_session
from workbook.checks.row_locks import expect_none_locked
from workbook.checks.verdict import NotYet, Reason

NEXT_ID = "SELECT nextval(pg_get_serial_sequence('user_account', 'id'))"
"""Takes an id that nobody has, as an insert does that is undone."""
TAKEN = "add(session, new), whose email is taken"
GONE = 6
"""Whom only the caller's own transaction has deleted."""
IDS = [number for number in range(1, 27) if number not in (GONE, 25)]
"""24 people, without the one who leaves, and the new one; 25 was given to nobody."""


_WITHOUT_FLUSH = Reason(
    "The INSERT is sent before `add` returns, and brings the id; whether its row counts is decided"
    " by whoever began. So two of these functions make one unit of work, and where a third"
    " one fails, nothing of the two is stored. The reference sends it with `flush`.",
    "Call `session.rollback()` behind your `add`. Who has the id that it returned, and who gets it"
    " next?",
)


async def check(answer: Answer) -> Reason | None:
    """An id at once, no commit, no rollback; a page in order, bounded, from after an id."""
    from app.schemas import UserIn

    add, page = answer.get("add"), answer.get("page")
    new = UserIn(name="Zoë", email="zoe@x.test", login="zoe", team_id=2)
    last = await answer.observer.fetchval(NEXT_ID)
    async with app_sessions() as sessions:
        async with callers_session(answer, sessions, "add(session, new)") as session:
            user = await add(session, new)
            _has_the_next_id(user, last + 1, session)
        await _is_stored(answer, user)
        async with callers_session(answer, sessions, TAKEN) as session:
            await _error_goes_to_the_caller(add, session, new)
        async with callers_session(answer, sessions, "page and get") as session:
            await _pages_are_right(page, session)
            await _gets_by_id(answer.get("get"), session)
    return None if "flush" in answer.called() else _WITHOUT_FLUSH


def _has_the_next_id(user: Any, wanted: int, session: AsyncSession) -> None:
    no_row("add(session, new)", user, "the new user")
    if getattr(user, "id", None) is None:
        raise NotYet(
            "add(session, new)",
            got=f"it returned {'a user without an id' if _is_a_user(user) else show(user)}",
            wanted="a user with its id",
            ask=_ask_for_the_id(user, session),
        )
    ask = "who gives ids, also where two ask at once?"
    called = "add(session, new): the id, which is to be the next of the sequence"
    expect_state(called, user.id, wanted, ask)


def _ask_for_the_id(user: Any, session: AsyncSession) -> str:
    if not _is_a_user(user):
        return "what does add return?"
    if user not in session:
        return "how does the session learn of the user?"
    return "which call sends the INSERT, and brings the id?"


def _is_a_user(got: Any) -> bool:
    from app.models import User

    return isinstance(got, User)


async def _error_goes_to_the_caller(add: Any, session: AsyncSession, new: Any) -> None:
    try:
        got = await add(session, new)
    except exc.IntegrityError:
        return
    ask = "who can tell the client that the email is taken?"
    raise NotYet(
        TAKEN, got=f"it returned {show(got)}", wanted="the IntegrityError goes on", ask=ask
    )


async def _is_stored(answer: Answer, user: Any) -> None:
    row = await answer.observer.fetchrow(
        "SELECT name, email, login, team_id FROM user_account WHERE id = $1", user.id
    )
    wanted = ("Zoë", "zoe@x.test", "zoe", 2)
    called = "add(session, new): the row, after the caller's commit"
    expect_state(called, row and tuple(row), wanted, "which value stands in which column?")


async def _pages_are_right(page: Any, session: AsyncSession) -> None:
    await session.execute(text("UPDATE user_account SET name = 'Zed' WHERE id = 3"))
    await session.execute(text(f"DELETE FROM user_account WHERE id = {GONE}"))
    for after, limit in ((0, 3), (3, 4), (22, 50), (99, 5)):
        session.expunge_all()
        with loads() as loaded:
            found = await page(session, after, limit)
        call = f"page(session, {after}, {limit})"
        _is_a_list(call, found)
        await expect_none_locked(call, session, "user_account")
        ids = [each.id for each in found]
        wanted = [number for number in IDS if number > after][:limit]
        ask = _what_differs(ids, wanted, after)
        if ids == [number for number in IDS if number > limit][:after]:
            ask = "which of the two numbers says where a page begins, and which how long it is?"
        expect_state(f"{call}: the ids", ids, wanted, ask)
        if len(loaded) > limit:
            raise NotYet(
                call,
                got=f"it loaded {len(loaded)} users, and returned {len(ids)}",
                wanted=f"{limit} loaded at most",
                ask="who picks the rows of a page: the database, or Python?",
            )


def _is_a_list(call: str, found: Any) -> None:
    """A list of users: no result that has to be read yet, no rows, nothing but users."""
    if not isinstance(found, list | tuple):
        ask = "what is left when the session is closed?"
        if isinstance(found, Result | ScalarResult):
            ask = "which method of a result gives a list of what is in it?"
        elif found is None:
            ask = "does page say what it returns?"
        elif _is_a_user(found):
            ask = "what does page return: one user, or all of the page?"
        raise NotYet(call, got=f"it returned {show(found)}", wanted="users", ask=ask)
    for each in found:
        no_row(call, each, "users")
        if not _is_a_user(each):
            got = f"it returned {show(found)}"
            ask = "of which class are the objects of a page?"
            raise NotYet(call, got=got, wanted="objects of the class User", ask=ask)


def _what_differs(ids: Sequence[Any], wanted: Sequence[int], after: int) -> str:
    """The question for a page of other users."""
    if ids[:1] == [after]:
        return "does a page begin at the id that was given, or after it?"
    if GONE in ids:
        return "which session did you ask: the one that you were given?"
    if ids[: len(wanted)] == wanted:
        return "how many users may a page have?"
    if len(ids) < len(wanted) and ids == wanted[: len(ids)]:
        return "does `limit` count users, or ids: which line ends before the page is full?"
    if ids and ids == IDS[after:][: len(ids)]:
        return "is `after` an id, or a number of rows?"
    if sorted(map(str, ids)) == sorted(map(str, wanted)) or len(ids) == len(wanted):
        return "which rows, and in which order?"
    return "which rows, in which order, and how many?"


async def _gets_by_id(get: Any, session: AsyncSession) -> None:
    found = [getattr(await get(session, user_id), "name", None) for user_id in (2, 999)]
    called = "get(session, 2), get(session, 999): the names"
    expect_state(called, found, ["Ben", None], "who has this id?")
    await expect_none_locked("get(session, 2)", session, "user_account")
