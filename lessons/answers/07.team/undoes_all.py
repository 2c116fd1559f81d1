# wrong: what did you undo that was not yours?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession


async def team_called(session: AsyncSession, name: str) -> tuple[Team, bool]:
    known = select(Team).where(Team.name == name)
    try:
        session.add(team := Team(name=name))
        await session.flush()
        return team, True
    except IntegrityError:
        await session.rollback()
        return (await session.scalars(known)).one(), False
