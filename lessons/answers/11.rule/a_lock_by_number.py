# right: an advisory lock with the number of the team
from app.models import User
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession


async def step_down(session: AsyncSession, user_id: int) -> bool:
    """Make a lead a member, unless the team would have no lead then; say whether it was done."""
    team_id = await session.scalar(select(User.team_id).where(User.id == user_id))
    await session.execute(select(func.pg_advisory_xact_lock(team_id)))
    query = select(User.id).where(User.team_id == team_id, User.role == "lead")
    leads = (await session.scalars(query)).all()
    if user_id not in leads or len(leads) < 2:
        return False
    await session.execute(update(User).where(User.id == user_id).values(role="member"))
    return True
