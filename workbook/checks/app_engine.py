"""The engine that the learner's app makes for itself, for as long as a check needs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine


@asynccontextmanager
async def app_engine() -> AsyncIterator[AsyncEngine]:
    """The `engine` of `app.database`, whose connections are closed at the end."""
    from app.database import engine

    try:
        yield engine
    finally:
        await engine.dispose()
