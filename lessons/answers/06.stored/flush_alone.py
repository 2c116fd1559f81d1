# wrong: which line sends the COMMIT, and is it inside of your `try`?
from app.models import User
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


async def stored(sessions: async_sessionmaker[AsyncSession], user: User) -> bool:
    async with sessions() as session:
        session.add(user)
        try:
            await session.flush()
        except IntegrityError as error:
            if error.orig.sqlstate != "23505":
                raise
            return False
        await session.commit()
        return True
