# wrong: which line closes the session?
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def peek(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    session = sessions()
    try:
        yield session
    finally:
        await session.rollback()
