# wrong: which transaction is that row in, and who ended it?
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def peek(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    """Lend a session for one look: whatever is done in it is rolled back."""
    async with sessions() as session:
        await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        yield session
