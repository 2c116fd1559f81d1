# wrong: does it give back what an earlier call was told?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload


PAGES = {}


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    page = offset, limit
    if page not in PAGES:
        query = select(Team).order_by(Team.name).offset(offset).limit(limit).options(selectinload(Team.users))
        PAGES[page] = list(await session.scalars(query))
    return PAGES[page]
