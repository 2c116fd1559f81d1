# wrong: what becomes, in your function, of an `IntegrityError` with another code?
from app.models import User
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def stored(sessions: async_sessionmaker[AsyncSession], user: User) -> bool:
    try:
        async with sessions.begin() as session:
            session.add(user)
    except IntegrityError as error:
        return error.orig.sqlstate != "23505"
    return True
