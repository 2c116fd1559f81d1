# wrong: does the page cut teams, or does it cut rows of a join?
from app.models import Team, User
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    page = (
        select(Team).outerjoin(Team.users).order_by(Team.name).offset(offset).limit(limit)
    )
    return list((await session.scalars(page.options(selectinload(Team.users)))).unique())
