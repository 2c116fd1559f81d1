# wrong: what closes the session then?
from collections.abc import AsyncIterator
from typing import Annotated

from app.database import session_factory
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession


async def lend_app() -> AsyncIterator[AsyncSession]:
    """Lend a session of the app."""
    session = session_factory()
    yield session
    await session.commit()
    await session.close()


Lent = Annotated[AsyncSession, Depends(lend_app, scope="function")]
