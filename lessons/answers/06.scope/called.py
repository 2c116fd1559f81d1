# wrong: the name of your function alone, without brackets behind it
from collections.abc import AsyncIterator
from typing import Annotated

from app.database import session_factory
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession


async def lend_app() -> AsyncIterator[AsyncSession]:
    """Lend a session of the app; commit when the borrower has finished."""
    async with session_factory.begin() as session:
        yield session


Lent = Annotated[AsyncSession, Depends(lend_app(), scope="function")]
