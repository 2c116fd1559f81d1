# wrong: who commits, and when?
from app.models import User
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def stored(sessions: async_sessionmaker[AsyncSession], user: User) -> bool:
    try:
        async with sessions() as session:
            session.add(user)
    except IntegrityError as error:
        if error.orig.sqlstate != "23505":
            raise
        return False
    return True
