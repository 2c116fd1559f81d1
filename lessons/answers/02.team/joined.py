# right: one SELECT with `joinedload`, folded by `unique`; the team comes once for each of its users
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload


async def team_named(session: AsyncSession, name: str) -> Team | None:
    query = select(Team).where(Team.name == name).options(joinedload(Team.users))
    return (await session.scalars(query)).unique().first()
