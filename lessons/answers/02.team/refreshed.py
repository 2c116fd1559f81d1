# wrong: which statement asks for something that another one has brought already?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def team_named(session: AsyncSession, name: str) -> Team | None:
    team = await session.scalar(select(Team).where(Team.name == name))
    if team is not None:
        await session.refresh(team, ["users"])
    return team
