# wrong: the one that `options` gave, or the one before it?
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload, subqueryload


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    """Return one page of teams by name, each with its users loaded."""
    query = select(Team).order_by(Team.name).offset(offset).limit(limit)
    query.options(selectinload(Team.users))
    return list((await session.scalars(query)).all())
