# wrong: which line puts the teams in an order last, and in which?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    query = select(Team).order_by(Team.name).offset(offset).limit(limit).options(selectinload(Team.users))
    teams = list(await session.scalars(query))
    return sorted(teams, key=lambda team: len(team.users), reverse=True)
