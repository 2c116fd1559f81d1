# wrong: which call has no `await` before it?
from collections.abc import AsyncIterator
from typing import Annotated

from app.database import session_factory
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession


async def lend_app() -> AsyncIterator[AsyncSession]:
    """Lend a session of the app."""
    async with session_factory() as session:
        yield session
        session.commit()


Lent = Annotated[AsyncSession, Depends(lend_app, scope="function")]
