# right: a rollback before the block of `begin` ends; two who decide about one transaction, where one is enough
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def peek(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    async with sessions.begin() as session:
        try:
            yield session
        finally:
            await session.rollback()
