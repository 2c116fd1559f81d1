# wrong: does the statement that locks ask for an order, and does that tell any two apart?
from app.models import Team, User
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession


async def step_down(session: AsyncSession, user_id: int) -> bool:
    """Make a lead a member, unless the team would have no lead then; say whether it was done."""
    user = await session.get_one(User, user_id)
    query = select(User).where(User.team_id == user.team_id, User.role == "lead")
    leads = (await session.scalars(query.order_by(User.role).with_for_update())).all()
    if user not in leads or len(leads) < 2:
        return False
    user.role = "member"
    return True
