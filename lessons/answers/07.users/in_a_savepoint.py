# right: the insert has a savepoint of its own
async def add(session: AsyncSession, new: UserIn) -> User:
    """Add a user."""
    async with session.begin_nested():
        user = User(**new.model_dump())
        session.add(user)
    return user


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    """Return one page of users."""
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return (await session.scalars(query)).all()
