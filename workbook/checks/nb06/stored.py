"""Check of 06.stored: whether a row is there, asked of the COMMIT too; other errors go on."""

import ast
import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from workbook.base.causes import causes
from workbook.checks import busy
from workbook.checks.answer import Answer, expect, show
from workbook.checks.calling import calling
from workbook.checks.connections import own_connection, own_engine
from workbook.checks.messages import message
from workbook.checks.nb06.complaints import nothing_lent
from workbook.checks.nb06.stored_users import UNIQUE_AT_COMMIT, rows_of
from workbook.checks.own_errors import none_in_its_place
from workbook.checks.places import learners_line
from workbook.checks.verdict import NotYet

Stored = Callable[[Any, Any], Awaitable[Any]]

_CALL = "stored(sessions, user)"
_AT_COMMIT = "which line sends the COMMIT, and is it inside of your `try`?"


async def check(answer: Answer) -> None:
    """True with a row, False where the email is taken, at the INSERT and at COMMIT alike."""
    stored = answer.get()
    async with own_engine(answer) as engine:
        sessions = async_sessionmaker(engine, expire_on_commit=False)
        await _says(answer, stored, sessions, f"{_CALL}, whose email nobody has", True)
        await _says(answer, stored, sessions, f"{_CALL}, whose email is taken", False)
        await _no_such_team(answer, stored, sessions)
        await _no_database(answer, stored)
        await _at_the_same_time(answer, stored, sessions)
        await answer.observer.execute(UNIQUE_AT_COMMIT)
        call = f"{_CALL}, whose email is taken, where COMMIT says so"
        await _says(answer, stored, sessions, call, False, at_commit=True)
        nothing_lent(answer, engine, f"{_CALL}, five times")


def _user(email: str = "new@x", team: int = 1) -> Any:
    from app.models import User  # the learner's, once the folder of the check is on the path

    return User(name="Zoë", email=email, login=email, team_id=team)


async def _says(
    answer: Answer,
    stored: Stored,
    sessions: Any,
    call: str,
    wanted: bool,
    *,
    at_commit: bool = False,
) -> None:
    """The word, and one row of that email in either case."""
    before = asyncio.all_tasks()
    try:
        with calling(call):
            got = await stored(sessions, _user())
    except exc.SQLAlchemyError as error:
        said, ask = f"it raised {message(error)}", _AT_COMMIT
        if not at_commit and "except" in answer.source():
            ask = "which code has that error, of which type is it, and what does your `except` do?"
            if _raised_behind_the_try(answer, error):
                ask = "which line sends the INSERT here, and does your `try` stand around it?"
        if isinstance(error, exc.InvalidRequestError):
            ask = "what is left of a transaction in which a statement was refused?"
        raise NotYet(call, got=said, wanted=str(wanted), ask=ask) from None
    rows = await rows_of(answer, "new@x")
    if got is not wanted or rows != 1:
        said = f"it returned {show(got)}, and rows of that email: {rows}"
        ask = _question(got, wanted, rows)
        raise NotYet(call, got=said, wanted=f"{wanted}, and one row", ask=ask)
    expect(call, asyncio.all_tasks() - before, set(), "who waits for a task that was only started?")


def _raised_behind_the_try(answer: Answer, error: Exception) -> bool:
    """Whether the end of a block raised it, and the `try` is inside of that block."""
    nodes = [*ast.walk(ast.parse(answer.source()))]
    blocks = [each for each in nodes if isinstance(each, ast.AsyncWith)]
    tried = [each for one in nodes if isinstance(one, ast.Try) for each in ast.walk(one)]
    at_its_end = "with" in learners_line(error, answer.workspace).split()
    return at_its_end and not any(each in tried for each in blocks)


def _question(got: Any, wanted: bool, rows: int) -> str:
    if got is None:
        return "what does a function give that ends without `return`?"
    if rows == 0:
        return "who commits, and when?"
    return "" if got is wanted else "what does the caller believe about the row then?"


_INSERT = "INSERT INTO user_account (name, email, login, team_id) VALUES ('Zoë', 'race@x', 'r', 1)"
_WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"


async def _at_the_same_time(answer: Answer, stored: Stored, sessions: Any) -> None:
    """Somebody else has sent the same email, and commits when the answer's INSERT waits for it."""
    call = f"{_CALL}, while somebody else stores the same email"
    async with own_connection(answer) as other:
        await other.execute(f"BEGIN; {_INSERT}")
        task = asyncio.ensure_future(stored(sessions, _user("race@x")))
        await busy.eventually(lambda: answer.observer.fetchval(_WAITS), 2, interval=0.01)
        await other.execute("COMMIT")
        await asyncio.wait([task], timeout=2)
    if not task.done():
        raise NotYet(call, got="it did not end", wanted="False")
    got = task.exception() or task.result()
    if got is not False:
        said = message(got) if isinstance(got, Exception) else show(got)
        ask = "who may store that email between your question and your INSERT?"
        raise NotYet(call, got=f"what came of it is {said}", wanted="False", ask=ask)


async def _no_such_team(answer: Answer, stored: Stored, sessions: Any) -> None:
    """Another rule is broken: that is no answer to the question about the email."""
    call = f"{_CALL}, whose team does not exist"
    ask = "what becomes, in your function, of an `IntegrityError` with another code?"
    try:
        with none_in_its_place(call, answer.workspace):
            said = await stored(sessions, _user("other@x", 999))
        got = f"it returned {show(said)}"
        if answer.returns_in_finally():
            ask = "what does a `return` in a `finally` do to an error that is on its way out?"
        if said is None:
            ask = "what does your function give where the error has another code?"
    except exc.IntegrityError as error:
        if any(getattr(each, "sqlstate", "") == "23503" for each in causes(error)):
            return
        got = f"it raised {message(error)}"
    except exc.SQLAlchemyError as error:
        got = f"it raised {message(error)}"
    wanted = "the IntegrityError of the foreign key"
    raise NotYet(call, got=got, wanted=wanted, ask=ask)


async def _no_database(answer: Answer, stored: Stored) -> None:
    """No server listens: an error that knows no SQLSTATE, and goes on to the caller."""

    async def refuse() -> Any:
        raise ConnectionRefusedError("nobody listens there")

    call = f"{_CALL}, whose sessions reach no server"
    ask = "which errors does your `except` take, and which of them have an `orig`?"
    engine = create_async_engine("postgresql+asyncpg://", async_creator=refuse)
    try:
        said = await stored(async_sessionmaker(engine), _user("nowhere@x"))
        got = f"it returned {show(said)}"
        if said is True:
            ask = "from whom does your function get its session, and what is `sessions` for?"
    except Exception as error:
        if any(isinstance(each, ConnectionRefusedError) for each in _told(error)):
            return
        got = f"it raised {message(error)}"
    raise NotYet(call, got=got, wanted="the ConnectionRefusedError, for the caller", ask=ask)


def _told(error: Exception) -> list[BaseException]:
    """The error, and what it was raised from on purpose."""
    return [error] if error.__cause__ is None else [error, error.__cause__]
