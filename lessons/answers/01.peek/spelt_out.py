# right: rollback and close are spelt out in a `finally`; the rollback is said, and `close` would do it anyway
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def peek(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    session = sessions()
    try:
        yield session
    finally:
        await session.rollback()
        await session.close()
