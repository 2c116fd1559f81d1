# right: the class of the driver in place of its code; it holds as long as the driver is asyncpg
import asyncpg
from app.models import User
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def stored(sessions: async_sessionmaker[AsyncSession], user: User) -> bool:
    try:
        async with sessions.begin() as session:
            session.add(user)
    except IntegrityError as error:
        if not isinstance(error.orig.__cause__, asyncpg.UniqueViolationError):
            raise
        return False
    return True
