# wrong: who may store that email between your question and your INSERT?
from app.models import User
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def stored(sessions: async_sessionmaker[AsyncSession], user: User) -> bool:
    async with sessions.begin() as session:
        if await session.scalar(select(User.id).where(User.email == user.email)):
            return False
        session.add(user)
    return True
