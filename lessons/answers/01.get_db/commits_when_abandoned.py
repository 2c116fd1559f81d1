# wrong: closed in the middle of its work
import asyncio


async def get_db():
    async with session_factory() as session:
        try:
            yield session
        except (Exception, asyncio.CancelledError):
            await session.rollback()
            raise
        finally:
            await session.commit()
