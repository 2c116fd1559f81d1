# wrong: in which order does PostgreSQL see the teams
from app.models import Team, User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    """Return one page of teams by name, each with its users loaded."""
    page = select(Team).offset(offset).limit(limit)
    result = await session.scalars(page.options(selectinload(Team.users)))
    return sorted(result, key=lambda team: team.name)
