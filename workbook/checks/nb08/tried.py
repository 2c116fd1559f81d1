"""Check of 08.tried: what a unit of work gives, and nothing of it stored, whatever it commits."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from workbook.checks.answer import Answer, expect, expect_state, show
from workbook.checks.connections import own_engine
from workbook.checks.messages import message
from workbook.checks.nb06.complaints import nothing_lent
from workbook.checks.verdict import NotYet

Tried = Callable[[Any, Any], Awaitable[Any]]

_CALL = "tried(engine, work)"
_COUNT = "SELECT count(*) FROM team WHERE name LIKE 'tried%'"
_INSERT = text("INSERT INTO team (name) VALUES ('tried')")
_ANOTHER = text("INSERT INTO team (name) VALUES ('tried twice')")
_WITH_WHAT = "which of your objects is the session, and which the connection below it?"
_UNDONE = "what does a commit of `work` end: a transaction, or a savepoint in one?"


async def check(answer: Answer) -> None:
    """The result or the error of the work; its commits are for it alone, and nothing is stored."""
    tried = answer.get()
    async with own_engine(answer) as engine:
        for each in (_commits, _commits_and_rolls_back, _fails):
            await each(answer, tried, engine)


async def _commits(answer: Answer, tried: Tried, engine: AsyncEngine) -> None:
    """A commit that nobody else sees, then or later."""
    seen: list[int] = []
    lent: list[Any] = []

    async def work(session: Any) -> Any:
        lent.append(session)
        await session.execute(_INSERT)
        await session.commit()
        seen.append(await answer.observer.fetchval(_COUNT))
        return await session.scalar(text(_COUNT))

    call = f"{_CALL}, whose work stores a team, commits, and returns how many it finds"
    got = await _result(call, tried, engine, work)
    if lent and not isinstance(lent[0], AsyncSession):
        got = f"`work` was called with {show(lent[0])}"
        raise NotYet(call, got=got, wanted="work(session)", ask=_WITH_WHAT)
    expect_state(f"{call}: how often `work` ran", len(seen), 1, "who calls `work`, and awaits it?")
    expect_state(f"{call}: the teams that others saw meanwhile", seen[0], 0, _UNDONE)
    expect(call, got, 1, "which value is returned?")
    await _nothing_left(answer, engine, call)


async def _commits_and_rolls_back(answer: Answer, tried: Tried, engine: AsyncEngine) -> None:
    """What the work has committed survives its own rollback."""

    async def work(session: Any) -> Any:
        await session.execute(_INSERT)
        await session.commit()
        await session.execute(_ANOTHER)
        await session.rollback()
        return await session.scalar(text(_COUNT))

    call = f"{_CALL}, whose work commits one team, rolls another back, and counts"
    got = await _result(call, tried, engine, work)
    expect(call, got, 1, "what does a rollback of `work` undo: all, or what came after its commit?")
    await _nothing_left(answer, engine, call)


async def _fails(answer: Answer, tried: Tried, engine: AsyncEngine) -> None:
    """The error of the work is the caller's, and undoes no less."""

    async def work(session: Any) -> Any:
        await session.execute(_INSERT)
        await session.commit()
        raise LookupError("no such team")

    call = f"{_CALL}, whose work stores a team, commits, and raises a LookupError"
    try:
        got = f"it returned {await tried(engine, work)!r}"
    except Exception as error:
        got = message(error)
        if isinstance(error, LookupError):
            return await _nothing_left(answer, engine, call)
    raise NotYet(call, got=got, wanted="that LookupError", ask="who has to hear of the error?")


async def _result(call: str, tried: Tried, engine: AsyncEngine, work: Any) -> Any:
    """What came back; NotYet where SQLAlchemy refuses what the work does."""
    try:
        return await tried(engine, work)
    except exc.SQLAlchemyError as error:
        got, wanted = f"it raised {message(error)}", "the number that `work` returned"
        ask = "" if isinstance(error, exc.ArgumentError) else _UNDONE
        raise NotYet(call, got=got, wanted=wanted, ask=ask) from None


async def _nothing_left(answer: Answer, engine: AsyncEngine, call: str) -> None:
    """No connection, whose locks the next call would wait for, and no row."""
    nothing_lent(answer, engine, call, "who gives the connection back, and when?")
    stored = await answer.observer.fetchval(_COUNT)
    ask = "how does your outer transaction end?"
    expect_state(f"{call}: the teams that are there afterwards", stored, 0, ask)
