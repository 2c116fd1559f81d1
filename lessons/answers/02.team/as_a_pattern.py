# wrong: of which comparison is `%` a sign for any text: of `=`, or of LIKE?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload


async def team_named(session: AsyncSession, name: str) -> Team | None:
    query = select(Team).where(Team.name.like(name)).options(selectinload(Team.users))
    return await session.scalar(query)
