"""Sessions on the app's own engine, as a caller of the learner's functions has them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from workbook.checks.answer import Answer, expect_state
from workbook.checks.calling import calling
from workbook.checks.connections import app_engine

Sessions = async_sessionmaker[AsyncSession]
TEAMS = "SELECT count(*) FROM team WHERE name = "


@asynccontextmanager
async def app_sessions() -> AsyncIterator[Sessions]:
    """What makes sessions that keep their objects; all of its connections are closed at the end."""
    async with app_engine() as engine:
        yield async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def callers_session(
    answer: Answer, sessions: Sessions, call: str
) -> AsyncIterator[AsyncSession]:
    """A session whose caller has written a row: it is the caller's to commit, or to undo."""
    async with sessions() as session:
        await session.execute(text("INSERT INTO team (name) VALUES (:call)"), {"call": call})
        with calling(call):
            yield session
        early = await answer.observer.fetchval(TEAMS + "$1", call)
        seen = f"{call}: the caller's rows that others see after it"
        expect_state(seen, early, 0, "whose commit is it?")
        try:
            kept = await session.scalar(text(TEAMS + ":call"), {"call": call})
        except (exc.PendingRollbackError, exc.DBAPIError):  # the caller is to roll back
            return
        ask = "what did you undo that was not yours?"
        expect_state(f"{call}: the rows that the caller wrote before it", kept, 1, ask)
        await session.commit()
