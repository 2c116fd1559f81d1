# wrong: what happens between your question and your insert?
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
        await session.flush()
        return team, True
    return team, False
