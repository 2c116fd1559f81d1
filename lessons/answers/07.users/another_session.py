# wrong: which session did you ask: the one that you were given?
async def add(session: AsyncSession, new: UserIn) -> User:
    user = User(**new.model_dump())
    session.add(user)
    await session.flush()
    return user


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    from app.database import session_factory
    async with session_factory() as own:
        return (await own.scalars(query)).all()
