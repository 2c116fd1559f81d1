# wrong: which call sends the INSERT, and brings the id?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession


async def team_called(session: AsyncSession, name: str) -> tuple[Team, bool]:
    known = select(Team).where(Team.name == name)
    team = await session.scalar(known)
    if team is None:
        team = Team(name=name)
        session.add(team)
        return team, True
    return team, False
