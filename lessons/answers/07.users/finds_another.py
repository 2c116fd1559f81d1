# wrong: who can tell the client that the email is taken?
async def add(session: AsyncSession, new: UserIn) -> User:
    """Add a user."""
    known = await session.scalar(select(User).where(User.email == new.email))
    if known:
        return known
    user = User(**new.model_dump())
    session.add(user)
    await session.flush()
    return user


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    """Return one page of users."""
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return (await session.scalars(query)).all()
