# right: `subqueryload`, which sends the query of the page again inside of the second statement, and a list comprehension
from sqlalchemy.orm import subqueryload
from app.models import Team, User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    query = select(Team).options(subqueryload(Team.users)).order_by(Team.name)
    return [team for team in await session.scalars(query.limit(limit).offset(offset))]
