# wrong: in which order does each of the two lock its rows, and which does its UPDATE lock?
from app.models import User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def step_down(session: AsyncSession, user_id: int) -> bool:
    """Make a lead a member, unless the team would have no lead then; say whether it was done."""
    user = await session.get_one(User, user_id)
    others = select(User).where(User.team_id == user.team_id, User.role == "lead", User.id != user_id)
    found = (await session.scalars(others.order_by(User.id).with_for_update())).all()
    if user.role != "lead" or not found:
        return False
    user.role = "member"
    return True
