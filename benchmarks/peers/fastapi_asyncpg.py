"""FastAPI on a pool of asyncpg, without an ORM: what FastAPI and Pydantic themselves cost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import statements
from fastapi import FastAPI, HTTPException, Request
from schemas import UserIn, UserOut


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with statements.pool() as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/users", response_model=list[UserOut])
async def list_users(request: Request, after: int = 0, limit: int = 50) -> list[dict[str, Any]]:
    rows = await request.app.state.pool.fetch(statements.PAGE, after, limit)
    return [dict(row) for row in rows]


@app.get("/users/{user_id}", response_model=UserOut)
async def get_user(request: Request, user_id: int) -> dict[str, Any]:
    row = await request.app.state.pool.fetchrow(statements.ONE, user_id)
    if row is None:
        raise HTTPException(404)
    return dict(row)


@app.post("/users", response_model=UserOut, status_code=201)
async def add_user(request: Request, new: UserIn) -> dict[str, Any]:
    values = (new.name, new.email, new.login, new.team_id)
    return dict(await request.app.state.pool.fetchrow(statements.ADD, *values))
