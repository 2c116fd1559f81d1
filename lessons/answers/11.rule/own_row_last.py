# wrong: in which order does each of the two lock its rows
from app.models import User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def step_down(session: AsyncSession, user_id: int) -> bool:
    """Make a lead a member, unless the team would have no lead then; say whether it was done."""
    user = await session.get_one(User, user_id)
    query = select(User).where(User.team_id == user.team_id, User.role == "lead").order_by(User.id == user_id)
    leads = (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).all()
    if len(leads) < 2 or user_id not in [each.id for each in leads]:
        return False
    user.role = "member"
    return True
