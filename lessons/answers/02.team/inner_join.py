# wrong: has a team without people a row in that join?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload


async def team_named(session: AsyncSession, name: str) -> Team | None:
    query = select(Team).join(Team.users).where(Team.name == name)
    return await session.scalar(query.options(selectinload(Team.users)))
