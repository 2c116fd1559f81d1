# wrong: when two requests use one session at the same time
from collections.abc import AsyncIterator
from typing import Annotated

from app.database import session_factory
from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

SHARED = session_factory()


async def lend_app() -> AsyncIterator[AsyncSession]:
    """Lend a session of the app."""
    try:
        yield SHARED
        await SHARED.commit()
    except BaseException:
        await SHARED.rollback()
        raise


Lent = Annotated[AsyncSession, Depends(lend_app, scope="function")]
