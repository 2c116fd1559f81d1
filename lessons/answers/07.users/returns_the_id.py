# wrong: what does add return?
async def add(session: AsyncSession, new: UserIn) -> User:
    user = User(**new.model_dump())
    session.add(user)
    await session.flush()
    return user.id

async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return (await session.scalars(query)).all()
