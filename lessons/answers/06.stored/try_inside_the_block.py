# wrong: does your `try` stand around it?
from app.models import User
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def stored(sessions: async_sessionmaker[AsyncSession], user: User) -> bool:
    """Store this user: True when the row is there, False where its email is taken."""
    async with sessions.begin() as session:
        try:
            session.add(user)
        except IntegrityError as error:
            if error.orig.sqlstate == "23505":
                return False
            raise
        return True
