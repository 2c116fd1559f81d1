# wrong: The session's transaction has failed, and somebody goes on using it.
from app.models import User
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession


async def step_down(session: AsyncSession, user_id: int) -> bool:
    """Make a lead a member, unless the team would have no lead then; say whether it was done."""
    try:
        await session.connection(execution_options={"isolation_level": "SERIALIZABLE"})
        user = await session.get_one(User, user_id)
        query = select(User).where(User.team_id == user.team_id, User.role == "lead")
        leads = (await session.scalars(query)).all()
        if user.role != "lead" or len(leads) < 2:
            return False
        user.role = "member"
        await session.flush()
        return True
    except DBAPIError:
        return False
