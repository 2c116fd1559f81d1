# right: one statement, with `joinedload` and `unique`; SQLAlchemy puts the page into a query inside, so its LIMIT counts teams
from app.models import Team, User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    query = select(Team).options(joinedload(Team.users)).order_by(Team.name.asc())
    found = await session.execute(query.slice(offset, offset + limit))
    return list(found.unique().scalars())
