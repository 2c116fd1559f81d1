# right: SERIALIZABLE, from the start: two leads do not wait for each other, and whoever else touches the rule has to begin with it, too
from app.models import Team, User
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession


async def step_down(session: AsyncSession, user_id: int) -> bool:
    """Make a lead a member, unless the team would have no lead then; say whether it was done."""
    await session.connection(execution_options={"isolation_level": "SERIALIZABLE"})
    user = await session.get_one(User, user_id)
    query = select(User).where(User.team_id == user.team_id, User.role == "lead")
    leads = (await session.scalars(query)).all()
    if user not in leads or len(leads) < 2:
        return False
    user.role = "member"
    return True
