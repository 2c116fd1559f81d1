# wrong: wait, raise, or skip?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def later(session: AsyncSession, team_id: int, minutes: int) -> int:
    query = select(Team).where(Team.id == team_id)
    team = (await session.scalars(query.with_for_update(skip_locked=True))).one()
    team.escalate_after = min(team.escalate_after + minutes, 60)
    return team.escalate_after
