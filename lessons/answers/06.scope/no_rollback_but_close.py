# right: the close of the session rolls back what was not committed: less to write, and a reader must know that
from collections.abc import AsyncIterator
from typing import Annotated

from app.database import session_factory
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession


async def lend_app() -> AsyncIterator[AsyncSession]:
    """Lend a session of the app."""
    async with session_factory() as session:
        yield session
        await session.commit()


Lent = Annotated[AsyncSession, Depends(lend_app, scope="function")]
