# wrong: others saw that row before the endpoint had ended
from collections.abc import AsyncIterator
from typing import Annotated

from app.database import session_factory
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession


async def lend_app() -> AsyncIterator[AsyncSession]:
    """Lend a session of the app; commit when the borrower has finished."""
    async with session_factory() as session:
        await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        yield session


Lent = Annotated[AsyncSession, Depends(lend_app)]
