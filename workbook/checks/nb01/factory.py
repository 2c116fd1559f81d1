"""Check of 01.factory: new async sessions on each call, from this file's engine."""

import inspect
from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from workbook.checks.answer import Answer, expect_state, show
from workbook.checks.messages import message
from workbook.checks.nb01.errors import PagerDown
from workbook.checks.nb01.incident_table import (
    INSERT_INCIDENT,
    Incident,
    count_incidents,
    create_incident_table,
)
from workbook.checks.nb01.pool import connections_in_use, first_connection
from workbook.checks.verdict import NotYet


async def check(answer: Answer) -> None:
    """New async sessions on each call, from this file's engine, readable after a commit."""
    await create_incident_table(answer)
    module = answer.load()
    session_factory = answer.get()
    _can_be_called(session_factory)
    first, second = session_factory(), session_factory()
    _are_sessions(first, second)
    await _uses_engine(answer, module.engine, first)
    await _readable_after_commit(second)
    await _begin_commits(answer, session_factory)
    await _begin_rolls_back(answer, session_factory)
    await module.engine.dispose()


def _about_what_it_is(given: Any) -> str:
    """The question for what is no factory: one session, or something else."""
    if isinstance(given, AsyncSession):
        return "this is one session: what makes a new one for each call, and who calls it?"
    return "which class of SQLAlchemy makes sessions, and what have you made?"


def _can_be_called(session_factory: Any) -> None:
    if not callable(session_factory):
        raise NotYet(
            "session_factory()",
            got=f"{show(session_factory)} cannot be called",
            wanted="a factory: something that gives a new session for each call",
            ask=_about_what_it_is(session_factory),
        )


def _are_sessions(first: Any, second: Any) -> None:
    if not isinstance(first, AsyncSession):
        raise NotYet(
            "session_factory()",
            got=f"it returned an object of the class {type(first).__name__}",
            wanted="an AsyncSession",
            ask=_ask_of_kind(first),
        )
    if first is second:
        raise NotYet(
            "session_factory(), twice",
            got="the same session both times",
            wanted="two sessions",
            ask="what happens when two requests share one unit of work?",
        )


def _ask_of_kind(given: Any) -> str:
    """The question that leads from what a call gave to a session."""
    if inspect.isasyncgen(given) or inspect.isgenerator(given):
        return "what does a call give of a function with a `yield` in it, and who unpacks that?"
    if inspect.iscoroutine(given):
        return "what does a call of an `async def` give, before anybody awaits it?"
    if isinstance(given, AbstractAsyncContextManager) and not isinstance(given, AsyncSession):
        return "is what you gave that name the factory, or a method of it?"
    if isinstance(given, async_sessionmaker):
        return "what does a call of this class give, and with what is it called here?"
    return "which of SQLAlchemy's factories makes sessions whose methods can be awaited?"


async def _uses_engine(answer: Answer, engine: Any, session: AsyncSession) -> None:
    try:
        async with first_connection(answer):
            await session.execute(text("SELECT 1"))
    except exc.UnboundExecutionError:
        raise NotYet(
            "session.execute(…)",
            got="the session has no engine to ask",
            wanted="a connection from this file's engine",
            ask="how does the factory learn where connections come from?",
        ) from None
    taken = connections_in_use(engine)
    await session.close()
    if not taken:
        raise NotYet.looked_at(
            "the pool of `engine`, while a session is in use",
            got="it took no connection from this file's engine",
            wanted="one connection out of `engine`'s pool",
            ask="how many engines, and so how many pools, should an app have?",
        )


async def _readable_after_commit(session: AsyncSession) -> None:
    incident = Incident(title="Queue grows")
    session.add(incident)
    await session.commit()
    try:
        title = incident.title
    except exc.MissingGreenlet:
        given = session.sync_session.expire_on_commit
        said = f"; `expire_on_commit` is {given!r}, a text" if isinstance(given, str) else ""
        ask = "which option of the factory says what a commit forgets?"
        raise NotYet.looked_at(
            "incident.title, after a commit",
            got=f"reading it raised MissingGreenlet: the commit expired it{said}",
            wanted="'Queue grows'",
            ask="is a text that is not empty true or false?" if said else ask,
        ) from None
    finally:
        await session.close()
    expect_state(
        "incident.title, after a commit", title, "Queue grows", "what did the commit change?"
    )


_BEGIN = "async with session_factory.begin() as session"


async def _begin_commits(answer: Answer, session_factory: Any) -> None:
    before = await count_incidents(answer)
    try:
        async with session_factory.begin() as session:
            await session.execute(INSERT_INCIDENT)
    except (AttributeError, TypeError) as error:
        raise NotYet(
            _BEGIN,
            got=f"it raised {message(error)}",
            wanted="a unit of work",
            ask="which factory of SQLAlchemy's can also begin one?",
        ) from None
    stored = await count_incidents(answer) - before
    expect_state(f"the rows that are new after `{_BEGIN}`", stored, 1, "who commits?")


async def _begin_rolls_back(answer: Answer, session_factory: Any) -> None:
    before = await count_incidents(answer)
    try:
        async with session_factory.begin() as session:
            await session.execute(INSERT_INCIDENT)
            raise PagerDown
    except PagerDown:
        pass
    if await count_incidents(answer) != before:
        raise NotYet(
            f"{_BEGIN}, in which the work fails",
            got="its row is stored",
            wanted="no row",
            ask="what does AUTOCOMMIT leave to roll back?",
        )
