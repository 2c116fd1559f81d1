# wrong: Brackets around both: `(await call(…)).all`
from app.models import Team
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload


async def roster(session: AsyncSession, offset: int, limit: int) -> list[Team]:
    page = select(Team).order_by(Team.name).offset(offset).limit(limit)
    return await session.scalars(page.options(selectinload(Team.users))).all()
