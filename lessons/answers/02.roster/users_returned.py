# wrong: what does the page hold?
from app.models import Team, User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    """Return one page of teams by name, each with its users loaded."""
    page = (
        select(User).join(User.team).order_by(Team.name).offset(offset).limit(limit)
    )
    return list(await session.scalars(page))
