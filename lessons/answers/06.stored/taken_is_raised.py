# wrong: it raised ValueError
from app.models import User
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def stored(sessions: async_sessionmaker[AsyncSession], user: User) -> bool:
    try:
        async with sessions.begin() as session:
            session.add(user)
    except IntegrityError as error:
        raise ValueError(user.email) from error
    return True
