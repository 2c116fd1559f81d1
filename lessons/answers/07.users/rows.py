# wrong: which call gives rows, and which gives the first value of each?
async def add(session: AsyncSession, new: UserIn) -> User:
    user = User(**new.model_dump())
    session.add(user)
    await session.flush()
    return user


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return (await session.execute(query)).all()
