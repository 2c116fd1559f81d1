# wrong: what does your query ask for, beside the rows, and who waits for that?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload


async def team_named(session: AsyncSession, name: str) -> Team | None:
    """Return the team of this name with its users loaded; None where there is no such team."""
    query = select(Team).where(Team.name == name).options(selectinload(Team.users))
    return await session.scalar(query.with_for_update())
