# wrong: what does your query ask for, beside the rows, and who waits for that?
"""Users: what is asked and changed. Functions flush what they write, and never commit."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import User
from app.schemas import UserIn


async def get(session: AsyncSession, user_id: int) -> User | None:
    """Return the user with this id, or None."""
    return await session.get(User, user_id)


async def add(session: AsyncSession, new: UserIn) -> User:
    """Add a user; its id is there when this returns."""
    user = User(**new.model_dump())
    session.add(user)
    await session.flush()
    return user


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    """Return one page of users by id, from the first after this one."""
    query = select(User).where(User.id > after).order_by(User.id).limit(limit).with_for_update()
    return (await session.scalars(query)).all()
