# wrong: how many minutes does the team have now, and what is the most that it may have?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def later(session: AsyncSession, team_id: int, minutes: int) -> int:
    query = select(Team).where(Team.id == team_id)
    team = (await session.scalars(query.with_for_update())).one()
    if team.escalate_after + minutes <= 60:
        team.escalate_after += minutes
    return team.escalate_after
