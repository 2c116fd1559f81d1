# wrong: does the function look for a team, or does it also make one?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload


async def team_named(session: AsyncSession, name: str) -> Team | None:
    team = await session.scalar(select(Team).where(Team.name == name).options(selectinload(Team.users)))
    if team is None:
        session.add(Team(name=name))
        await session.commit()
    return team
