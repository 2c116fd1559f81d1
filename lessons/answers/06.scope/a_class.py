# right: an object that is called: it can hold settings, such as another session factory, where a function would need a global
from collections.abc import AsyncIterator
from typing import Annotated

from app.database import session_factory
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession


async def lend_app() -> AsyncIterator[AsyncSession]:
    """Lend a session of the app; commit when the borrower has finished."""
    async with session_factory.begin() as session:
        yield session


class Lender:
    async def __call__(self):
        async with session_factory.begin() as session:
            yield session
Lent = Annotated[AsyncSession, Depends(Lender(), scope="function")]
