# wrong: which errors does your `except` take, and which of them have an `orig`?
from app.models import User
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def stored(sessions: async_sessionmaker[AsyncSession], user: User) -> bool:
    """Store this user: True when the row is there, False where its email is taken."""
    try:
        async with sessions.begin() as session:
            session.add(user)
    except Exception as error:
        if error.orig.sqlstate == "23505":
            return False
        raise
    return True
