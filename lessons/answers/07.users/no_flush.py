# wrong: which call sends the INSERT, and brings the id?
async def add(session: AsyncSession, new: UserIn) -> User:
    """Add a user."""
    user = User(**new.model_dump())
    session.add(user)
    return user


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    """Return one page of users."""
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return (await session.scalars(query)).all()
