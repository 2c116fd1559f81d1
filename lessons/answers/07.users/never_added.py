# wrong: how does the session learn of the user?
async def add(session: AsyncSession, new: UserIn) -> User:
    """Add a user."""
    user = User(**new.model_dump())
    await session.flush()
    return user


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    """Return one page of users."""
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return (await session.scalars(query)).all()
