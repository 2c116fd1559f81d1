# wrong: which number did you begin with, and who may have changed it before your change?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def later(session: AsyncSession, team_id: int, minutes: int) -> int:
    query = select(Team).where(Team.id == team_id)
    team = (await session.scalars(query)).one()
    now = min(team.escalate_after + minutes, 60)
    await session.execute(query.with_for_update())
    team.escalate_after = now
    return team.escalate_after
