# right: the row of the team is locked first, so nobody waits for a lead with another one in hand
from app.models import Team, User
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession


async def step_down(session: AsyncSession, user_id: int) -> bool:
    """Make a lead a member, unless the team would have no lead then; say whether it was done."""
    user = await session.get_one(User, user_id)
    await session.get_one(Team, user.team_id, with_for_update=True)
    await session.refresh(user)
    query = select(User).where(User.team_id == user.team_id, User.role == "lead")
    leads = (await session.scalars(query.with_for_update())).all()
    if user not in leads or len(leads) < 2:
        return False
    user.role = "member"
    return True
