# wrong: which line of yours comes between that error and the caller?
from app.models import User
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def stored(sessions: async_sessionmaker[AsyncSession], user: User) -> bool:
    """Store this user: True when the row is there, False where its email is taken."""

    async with sessions() as session:
        session.add(user)
        try:
            await session.commit()
        except IntegrityError as error:
            if error.orig.sqlstate == "23505":
                return False
            raise ValueError("could not store the user")
        return True
