"""Tokens over HTTP: a password in exchange for one."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response
from fastapi.security import OAuth2PasswordRequestForm

from app.auth import LIFE, Asker, issue, unknown
from app.database import TEAM, read
from app.passwords import fits
from app.repositories import users
from app.schemas import LARGEST_ID, LOGIN, TokenOut

router = APIRouter(tags=["tokens"])
Form = Annotated[OAuth2PasswordRequestForm, Depends()]
LOGINS = asyncio.Semaphore(32)
"""How many may log in at once: two threads try their passwords, and one more would wait long."""


async def turn() -> AsyncIterator[None]:
    """Let somebody try a password, or send them away where too many do."""
    if LOGINS.locked():
        raise HTTPException(503, "Too many log in. Try again in a moment.", {"Retry-After": "1"})
    async with LOGINS:
        yield


@router.post("/token", response_model=TokenOut, dependencies=[Depends(turn)])
async def log_in(form: Form, response: Response) -> TokenOut:
    """Give a token to whoever knows a password; the username is TEAM/EMAIL, as in 1/ada@x.test."""
    asker, stored = await _claimed(_whole(form.username))
    if not await fits(_whole(form.password), stored) or asker is None:
        raise unknown("The username is TEAM/EMAIL. There is nobody of this name and password.")
    response.headers["cache-control"] = "no-store"
    return TokenOut(access_token=issue(asker), expires_in=LIFE.seconds)


def _whole(said: str) -> str:
    """Put a question mark for half a letter, which a form lets in by `charset=unicode_escape`."""
    return said.encode(errors="replace").decode()


async def _claimed(username: str) -> tuple[Asker | None, str | None]:
    """Look for somebody in the team that they say they are in; their password decides later."""
    said = re.fullmatch(LOGIN, username)
    if said is None or int(said["team"]) > LARGEST_ID:
        return None, None
    TEAM.set(int(said["team"]))
    found = await read(lambda db: users.credentials_of(db, said["email"].lower()))
    return (Asker(found.id, found.team_id), found.password_hash) if found else (None, None)
