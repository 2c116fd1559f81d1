"""The usual tutorial again, with its login: a token is decoded and its user read for each request.

The role of its connections is held to a team by the database's policies, as the app's role is.
"""

import os
from collections.abc import AsyncIterator
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from recipe import SessionLocal, User, app, get_db
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

KEY = os.environ["TOKEN_KEY"]
TEAM = text("SELECT set_config('app.team', :team, true)")
Token = Annotated[str, Depends(OAuth2PasswordBearer("token"))]


async def get_db_of_user(token: Token) -> AsyncIterator[AsyncSession]:
    try:
        claims = jwt.decode(token, KEY, ["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "Could not validate credentials") from error
    async with SessionLocal() as session:
        await session.execute(TEAM, {"team": str(claims["team"])})
        if await session.get(User, int(claims["sub"])) is None:
            raise HTTPException(401, "Could not validate credentials")
        try:
            yield session
            await session.commit()
        except Exception:
            await session.rollback()
            raise


app.dependency_overrides[get_db] = get_db_of_user
__all__ = ["app"]
