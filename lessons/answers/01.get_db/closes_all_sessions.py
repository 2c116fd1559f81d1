# wrong: whose sessions are closed at the end of a unit of work?
from sqlalchemy.ext.asyncio import close_all_sessions


async def get_db():
    session = session_factory()
    try:
        yield session
        await session.commit()
    except BaseException:
        await session.rollback()
        raise
    finally:
        await close_all_sessions()
