"""Users over HTTP."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import read, transact
from app.models import User
from app.schemas import Id, UserIn, UserOut

router = APIRouter(prefix="/users", tags=["users"])


@router.get("", response_model=list[UserOut])
async def list_users(
    after: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Sequence[User]:
    """Show one page of users by id, from the first after this one."""
    page = select(User).where(User.id > after).order_by(User.id).limit(limit)

    async def work(session: AsyncSession) -> Sequence[User]:
        return (await session.scalars(page)).all()

    return await read(work)


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id) -> User:
    """Show one user."""
    user = await read(lambda session: session.get(User, user_id))
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user


@router.post("", response_model=UserOut, status_code=201)
async def add_user(new: UserIn) -> User:
    """Add a user, and show what was stored."""

    async def work(session: AsyncSession) -> User:
        session.add(user := User(**new.model_dump()))
        await session.flush()
        return user

    return await transact(work)
