# wrong: what does your query select: teams, or a column of theirs?
from app.models import Team, User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload, subqueryload, contains_eager


async def roster(session, offset, limit):
    page = select(Team).order_by(Team.name).offset(offset).limit(limit)
    result = await session.scalars(page.options(selectinload(Team.users)))
    return [t.name for t in result]
