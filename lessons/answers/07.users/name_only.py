# wrong: which value stands in which column?
async def add(session: AsyncSession, new: UserIn) -> User:
    """Add a user."""
    user = User(name=new.name, email=new.email, login=new.name, team_id=new.team_id)
    session.add(user)
    await session.flush()
    return user


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    """Return one page of users."""
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return (await session.scalars(query)).all()
