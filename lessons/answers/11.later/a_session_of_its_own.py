# wrong: whose commit is it?
from app.database import session_factory
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def later(session: AsyncSession, team_id: int, minutes: int) -> int:
    query = select(Team).where(Team.id == team_id)
    async with session_factory.begin() as own:
        team = (await own.scalars(query.with_for_update())).one()
        team.escalate_after = min(team.escalate_after + minutes, 60)
    return team.escalate_after
