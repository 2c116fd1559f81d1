# wrong: who must know that the work was stopped?
import asyncio


async def get_db():
    async with session_factory() as session:
        try:
            yield session
            await session.commit()
        except asyncio.CancelledError:
            await session.rollback()
        except Exception:
            await session.rollback()
            raise
