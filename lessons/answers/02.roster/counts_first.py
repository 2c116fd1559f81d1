# wrong: it sent 3 different statements
from app.models import Team, User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload, subqueryload, contains_eager


async def roster(session, offset, limit):
    page = select(Team).order_by(Team.name).offset(offset).limit(limit)
    from sqlalchemy import func
    await session.scalar(select(func.count()).select_from(Team))
    result = await session.scalars(page.options(selectinload(Team.users)))
    return list(result)
