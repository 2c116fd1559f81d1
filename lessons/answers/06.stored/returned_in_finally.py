# wrong: what does a `return` in a `finally` do
from app.models import User
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def stored(sessions: async_sessionmaker[AsyncSession], user: User) -> bool:
    """Store this user: True when the row is there, False where its email is taken."""

    done = False
    try:
        async with sessions.begin() as session:
            session.add(user)
        done = True
    except IntegrityError as error:
        if error.orig.sqlstate != "23505":
            raise
    finally:
        return done
