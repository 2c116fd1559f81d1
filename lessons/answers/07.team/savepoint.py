# right: a savepoint for the INSERT, which the error undoes alone; an error in PostgreSQL's log for each repeated name
from app.models import Team
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession


async def team_called(session: AsyncSession, name: str) -> tuple[Team, bool]:
    known = select(Team).where(Team.name == name)
    try:
        async with session.begin_nested():
            session.add(team := Team(name=name))
    except IntegrityError:
        return (await session.scalars(known)).one(), False
    return team, True
