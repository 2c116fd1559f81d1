# wrong: who picks the rows of a page: the database, or Python?
async def add(session: AsyncSession, new: UserIn) -> User:
    user = User(**new.model_dump())
    session.add(user)
    await session.flush()
    return user


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return (await session.scalars(select(User).where(User.id > after).order_by(User.id))).all()[:limit]
