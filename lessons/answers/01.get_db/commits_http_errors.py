# wrong: raises HTTPException
from fastapi import HTTPException


async def get_db():
    async with session_factory() as session:
        try:
            yield session
        except HTTPException:
            await session.commit()
            raise
        await session.commit()
