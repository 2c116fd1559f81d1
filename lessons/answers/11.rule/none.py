# wrong: what does your function return on each way to its end?
from app.models import User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def step_down(session: AsyncSession, user_id: int) -> bool:
    """Make a lead a member, unless the team would have no lead then; say whether it was done."""
    await session.connection(execution_options={"isolation_level": "SERIALIZABLE"})
    user = await session.get_one(User, user_id)
    query = select(User).where(User.team_id == user.team_id, User.role == "lead")
    leads = (await session.scalars(query)).all()
    if user.role == "lead" and len(leads) > 1:
        user.role = "member"
        return True
