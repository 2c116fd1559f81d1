# wrong: does it give back what an earlier call was told?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload


TEAMS = {}


async def team_named(session: AsyncSession, name: str) -> Team | None:
    if name not in TEAMS:
        query = select(Team).where(Team.name == name).options(selectinload(Team.users))
        TEAMS[name] = await session.scalar(query)
    return TEAMS[name]
