# wrong: what is `sessions` for?
from app.database import session_factory
from app.models import User
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def stored(sessions: async_sessionmaker[AsyncSession], user: User) -> bool:
    """Store this user: True when the row is there, False where its email is taken."""
    try:
        async with session_factory.begin() as session:
            session.add(user)
    except IntegrityError as error:
        if error.orig.sqlstate != "23505":
            raise
        return False
    return True
