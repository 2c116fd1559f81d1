# wrong: how do you come from that to the team itself?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession


async def team_called(session: AsyncSession, name: str) -> tuple[Team, bool]:
    """Return the team of this name, and whether it is new; it is made where there is none."""
    once = insert(Team).values(name=name).on_conflict_do_nothing(constraint="uq_team_name")
    if (team := await session.execute(once.returning(Team))) is not None:
        return team, True
    return (await session.scalars(select(Team).where(Team.name == name))).one(), False
