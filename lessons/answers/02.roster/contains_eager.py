# right: a page of teams first, their people joined to it
from app.models import Team, User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, contains_eager


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    """Return one page of teams by name, each with its users loaded."""
    page = select(Team).order_by(Team.name).offset(offset).limit(limit).subquery()
    team = aliased(Team, page)
    query = select(team).outerjoin(team.users).options(contains_eager(team.users))
    return list((await session.scalars(query.order_by(team.name, User.id))).unique())
