"""Users over HTTP."""

from collections.abc import Sequence

from fastapi import APIRouter, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession

from app.database import read, transact
from app.models import User
from app.repositories import users
from app.schemas import Id, PageQuery, RoleIn, UserIn, UserOut

router = APIRouter(prefix="/users", tags=["users"])


@router.get("", response_model=list[UserOut])
async def list_users(page: PageQuery) -> Sequence[User]:
    """Show one page of users by id, from the first after this one."""
    return await read(lambda session: users.page(session, page.after, page.limit))


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id) -> User:
    """Show one user."""
    user = await read(lambda session: users.get(session, user_id))
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user


@router.post("", response_model=UserOut, status_code=201)
async def add_user(new: UserIn) -> User:
    """Add a user, and show what was stored."""
    return await transact(lambda session: users.add(session, new))


@router.put("/{user_id}/role", response_model=UserOut)
async def give_role(user_id: Id, new: RoleIn) -> User:
    """Make somebody a member or a lead."""

    async def work(session: AsyncSession) -> User:
        user = await users.get(session, user_id)
        if user is None:
            raise HTTPException(404, f"There is no user {user_id}.")
        user.role = new.role
        return user

    return await transact(work)
