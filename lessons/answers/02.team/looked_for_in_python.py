# wrong: who looks for the team
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload


async def team_named(session: AsyncSession, name: str) -> Team | None:
    teams = await session.scalars(select(Team).options(selectinload(Team.users)))
    return next((team for team in teams if team.name == name), None)
