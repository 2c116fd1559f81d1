# wrong: who waits for a commit that a task, or another thread, has to do?
from collections.abc import AsyncIterator
from typing import Annotated

from app.database import session_factory
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession


async def lend_app() -> AsyncIterator[AsyncSession]:
    """Lend a session of the app; commit when the borrower has finished."""
    import asyncio

    session = session_factory()
    yield session
    asyncio.create_task(session.commit())


Lent = Annotated[AsyncSession, Depends(lend_app, scope="function")]
