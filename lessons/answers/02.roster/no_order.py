# wrong: which part of the statement says so?
from app.models import Team, User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    page = select(Team).offset(offset).limit(limit).options(selectinload(Team.users))
    return list(await session.scalars(page))
