# wrong: which line gives the caller the number?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def later(session: AsyncSession, team_id: int, minutes: int) -> int:
    query = select(Team).where(Team.id == team_id)
    team = (await session.scalars(query.with_for_update())).one()
    team.escalate_after = min(team.escalate_after + minutes, 60)
