"""Starlette on a pool of asyncpg, nothing validated: the floor under every async app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import statements
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    async with statements.pool() as app.state.pool:
        yield


async def list_users(request: Request) -> JSONResponse:
    after, limit = (int(request.query_params.get(*each)) for each in (("after", 0), ("limit", 50)))
    rows = await request.app.state.pool.fetch(statements.PAGE, after, limit)
    return JSONResponse([dict(row) for row in rows])


async def get_user(request: Request) -> JSONResponse:
    user_id = int(request.path_params["user_id"])
    row = await request.app.state.pool.fetchrow(statements.ONE, user_id)
    if row is None:
        raise HTTPException(404)
    return JSONResponse(dict(row))


async def add_user(request: Request) -> JSONResponse:
    new = await request.json()
    values = (new["name"], new["email"], new["login"], new["team_id"])
    row = await request.app.state.pool.fetchrow(statements.ADD, *values)
    return JSONResponse(dict(row), 201)


app = Starlette(
    lifespan=lifespan,
    routes=[
        Route("/users", list_users),
        Route("/users/{user_id:int}", get_user),
        Route("/users", add_user, methods=["POST"]),
    ],
)
