# wrong: who closes the session, on success, on error and on cancellation?
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def peek(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    yield sessions()
