# wrong: when must the people be loaded, and who says so?
from app.models import Team, User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    page = select(Team).order_by(Team.name).offset(offset).limit(limit)
    return list(await session.scalars(page))
