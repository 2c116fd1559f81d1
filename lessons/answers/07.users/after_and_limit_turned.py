# wrong: which of the two numbers says where a page begins
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
    session.add(user := User(**new.model_dump()))
    await session.flush()
    return user


async def page(session: AsyncSession, after: int, limit: int) -> Sequence[User]:
    """Return one page of users by id, from the first after this one."""
    users = await session.scalars(select(User).where(User.id > limit).order_by(User.id).limit(after))
    return users.all()
