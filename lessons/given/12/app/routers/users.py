"""Users over HTTP."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Body, Depends, HTTPException

from app.auth import Asker, who_asks
from app.database import read, transact
from app.passwords import fits, hashed
from app.repositories import users
from app.schemas import Id, PageQuery, PasswordIn, RoleIn, UserIn, UserOut

router = APIRouter(prefix="/users", tags=["users"])
ZOE = {"name": "Zoë", "email": "zoe@example.com", "login": "zoe", "team_id": 1}
NewUser = Annotated[UserIn, Body(examples=[ZOE])]
NewPassword = Annotated[
    PasswordIn, Body(examples=[{"password": "a new long word", "current": "a long word"}])
]
Me = Annotated[Asker, Depends(who_asks)]
NewRole = Annotated[RoleIn, Body(examples=[{"role": "lead"}])]


@router.get("", response_model=list[UserOut])
async def list_users(page: PageQuery) -> Sequence[users.Shown]:
    """Show one page of users by id, from the first after this one."""
    return await read(lambda db: users.page(db, page.after, page.limit))


@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id) -> users.Shown:
    """Show one user."""
    user = await read(lambda db: users.get(db, user_id))
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user


@router.post("", response_model=UserOut, status_code=201)
async def add_user(new: NewUser) -> users.Shown:
    """Add a user, and show what was stored."""
    return await transact(lambda session: users.add(session, new))


@router.put("/{user_id}/role", response_model=UserOut)
async def give_role(user_id: Id, new: NewRole) -> users.Shown:
    """Make somebody a member or a lead."""
    user = await transact(lambda session: users.give_role(session, user_id, new.role))
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user


@router.put("/{user_id}/password", status_code=204)
async def set_password(user_id: Id, new: NewPassword, asker: Me) -> None:
    """Give a first password to anybody of the team; to change it takes the current one."""
    them = await read(lambda db: users.credentials(db, user_id))
    if them is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    if not await _may(asker, them, new.current.get_secret_value()):
        raise HTTPException(403, "There is a password: its owner changes it, with the current one.")
    stored, known = await hashed(new.password.get_secret_value()), them.password_hash
    if not await transact(lambda session: users.set_password(session, user_id, stored, known)):
        raise HTTPException(409, "Somebody has changed the password meanwhile.")


async def _may(asker: Asker, them: users.Credentials, current: str) -> bool:
    if them.password_hash is None:
        return True
    return them.id == asker.user_id and await fits(current, them.password_hash)
