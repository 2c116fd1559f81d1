"""Teams: what is asked and changed. Functions flush what they write, and never commit."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Team
from app.schemas import TeamIn


async def add(session: AsyncSession, new: TeamIn) -> Team:
    """Add a team; its id is there when this returns."""
    team = Team(**new.model_dump())
    session.add(team)
    await session.flush()
    return team


async def get(session: AsyncSession, team_id: int) -> Team | None:
    """Return the team with this id, or None."""
    return await session.get(Team, team_id)


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[Team]:
    """Return one page of teams by id, from the first after this one."""
    query = select(Team).where(Team.id > after).order_by(Team.id).limit(limit)
    return (await session.scalars(query)).all()
