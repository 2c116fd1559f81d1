"""Connections and engines that end with a check."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from workbook.base.urls import for_sqlalchemy
from workbook.checks.answer import Answer


@asynccontextmanager
async def own_connection(answer: Answer) -> AsyncIterator["asyncpg.Connection"]:
    """A connection of asyncpg's to the database of this check, cut off at the end."""
    connection = await asyncpg.connect(answer.url, timeout=5)
    try:
        yield connection
    finally:
        connection.terminate()


@asynccontextmanager
async def own_engine(answer: Answer) -> AsyncIterator[AsyncEngine]:
    """An engine of SQLAlchemy's for the database of this check, disposed of at the end."""
    engine = create_async_engine(for_sqlalchemy(answer.url))
    try:
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def app_engine() -> AsyncIterator[AsyncEngine]:
    """The `engine` of the learner's `app.database`, whose connections are closed at the end."""
    from app.database import engine

    try:
        yield engine
    finally:
        await engine.dispose()
