# wrong: does True say that it is new, or that it was known?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession


async def team_called(session: AsyncSession, name: str) -> tuple[Team, bool]:
    known = select(Team).where(Team.name == name)
    once = insert(Team).values(name=name).on_conflict_do_nothing(constraint="uq_team_name")
    if (made := await session.scalar(once.returning(Team))) is not None:
        return made, False
    return (await session.scalars(known)).one(), True
