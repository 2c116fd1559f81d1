# wrong: what did you read before you had the lock, and who may have changed it since?
from app.models import Team, User
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession


async def step_down(session: AsyncSession, user_id: int) -> bool:
    """Make a lead a member, unless the team would have no lead then; say whether it was done."""
    user = await session.get_one(User, user_id)
    await session.get_one(Team, user.team_id, with_for_update=True)
    query = select(func.count()).where(User.team_id == user.team_id, User.role == "lead")
    if user.role != "lead" or await session.scalar(query) < 2:
        return False
    user.role = "member"
    return True
