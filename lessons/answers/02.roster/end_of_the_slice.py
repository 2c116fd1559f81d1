# wrong: does `limit` say how many teams, or up to which one?
from app.models import Team, User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    """Return one page of teams by name, each with its users loaded."""
    query = select(Team).order_by(Team.name).options(selectinload(Team.users))
    teams = (await session.scalars(query)).all()
    return list(teams[offset:limit])
