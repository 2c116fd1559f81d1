# right: INSERT with RETURNING, and a list
from sqlalchemy import insert


async def add(session: AsyncSession, new: UserIn) -> User:
    """Add a user."""
    made = await session.scalars(insert(User).values(new.model_dump()).returning(User))
    return made.one()


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    """Return one page of users."""
    found = await session.execute(select(User).filter(User.id > after).order_by(User.id).limit(limit))
    return [row.User for row in found]
