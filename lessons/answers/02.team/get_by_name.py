# wrong: by which column does `get` of a session look for a row?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload


async def team_named(session: AsyncSession, name: str) -> Team | None:
    """Return the team of this name with its users loaded; None where there is no such team."""
    return await session.get(Team, name, options=[selectinload(Team.users)])
