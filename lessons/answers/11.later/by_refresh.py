# right: PostgreSQL computes the number, and the object reads it back: one statement more
from app.models import Team
from sqlalchemy import case
from sqlalchemy.ext.asyncio import AsyncSession


async def later(session: AsyncSession, team_id: int, minutes: int) -> int:
    """Give a team more minutes, sixty in all at most; return how many it has now."""
    team = await session.get_one(Team, team_id)
    team.escalate_after = case(
        (Team.escalate_after + minutes > 60, 60), else_=Team.escalate_after + minutes
    )
    await session.flush()
    await session.refresh(team)
    return team.escalate_after
