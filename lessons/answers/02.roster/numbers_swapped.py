# wrong: which of the two numbers says how many teams are skipped
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload, subqueryload


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    """Return one page of teams by name, each with its users loaded."""
    query = select(Team).order_by(Team.name).offset(limit).limit(offset)
    return list((await session.scalars(query.options(selectinload(Team.users)))).all())
