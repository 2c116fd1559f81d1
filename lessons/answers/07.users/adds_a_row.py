# wrong: which call gives rows, and which gives the first value of each?
async def add(session: AsyncSession, new: UserIn) -> User:
    from sqlalchemy import insert
    return (await session.execute(insert(User).values(**new.model_dump()).returning(User))).one()

async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    query = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return (await session.scalars(query)).all()
