# wrong: which of your statements gives no row here
from app.models import Team
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession


async def team_called(session: AsyncSession, name: str) -> tuple[Team, bool]:
    known = select(Team).where(Team.name == name)
    once = insert(Team).values(name=name).on_conflict_do_nothing(constraint="uq_team_name")
    made = (await session.scalars(once.returning(Team))).one()
    return made, True
