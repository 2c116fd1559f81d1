# wrong: does page say what it returns?
async def add(session: AsyncSession, new: UserIn) -> User:
    """Add a user."""
    user = User(**new.model_dump())
    session.add(user)
    await session.flush()
    return user


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    """Return one page of users."""
    ...
