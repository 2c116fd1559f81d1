# wrong: wants a row, and there is none
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload


async def team_named(session: AsyncSession, name: str) -> Team | None:
    query = select(Team).where(Team.name == name).options(selectinload(Team.users))
    return (await session.scalars(query)).one()
