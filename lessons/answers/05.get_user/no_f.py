# wrong: what makes Python put a value into a text?
"""Users over HTTP."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import get_db
from app.models import User
from app.schemas import Id, UserIn, UserOut

router = APIRouter(prefix="/users", tags=["users"])
Session = Annotated[AsyncSession, Depends(get_db)]


@router.get("", response_model=list[UserOut])
async def list_users(
    session: Session,
    after: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Sequence[User]:
    """Show one page of users by id, from the first after this one."""
    page = select(User).where(User.id > after).order_by(User.id).limit(limit)
    return (await session.scalars(page)).all()


@router.post("", response_model=UserOut, status_code=201)
async def add_user(new: UserIn, session: Session) -> User:
    """Add a user, and show what was stored."""
    session.add(user := User(**new.model_dump()))
    await session.flush()
    return user


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> User:
    """Show one user."""
    user = await session.get(User, user_id)
    if user is None:
        raise HTTPException(404, "There is no user {user_id}.")
    return user
