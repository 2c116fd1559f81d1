# wrong: does the answer know how the COMMIT ended?
from collections.abc import AsyncIterator
from typing import Annotated

from app.database import session_factory
from fastapi import Depends
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession


async def lend_app() -> AsyncIterator[AsyncSession]:
    """Lend a session of the app."""
    try:
        async with session_factory.begin() as session:
            yield session
    except IntegrityError:
        pass


Lent = Annotated[AsyncSession, Depends(lend_app, scope="function")]
