# wrong: who gives ids, also where two ask at once?
from sqlalchemy import func


async def add(session: AsyncSession, new: UserIn) -> User:
    """Add a user."""
    last = await session.scalar(select(func.max(User.id)))
    user = User(id=(last or 0) + 1, **new.model_dump())
    session.add(user)
    await session.flush()
    return user


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    """Return one page of users."""
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return (await session.scalars(query)).all()
