"""Nightwatch, the app: what it serves, how it starts, and how it ends."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from app import logs, metrics
from app.auth import who_asks
from app.database import engine
from app.head import HeadAsGet
from app.problems import HANDLERS, RESPONSES
from app.routers import alerts, events, health, incidents, teams, tokens, users
from app.settings import settings

VERSION = "2.2.0"
logs.take_over_server()


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Begin with the log, and end with no connection left open."""
    logs.configure(settings.log_level)
    gc.freeze()  # what is here now stays; the collector need not look at it again and again
    yield
    await logs.all_served(2)
    await engine.dispose()
    await health.probe.dispose()


app = FastAPI(
    title="Nightwatch",
    version=VERSION,
    lifespan=lifespan,
    redirect_slashes=False,  # a redirect would lead to whatever host the client has named
    exception_handlers=HANDLERS,
    responses=RESPONSES,
    generate_unique_id_function=lambda route: route.name,
)
app.add_middleware(RequestBodyLimitMiddleware, max_body_size=64 * 1024)
app.add_middleware(HeadAsGet)
app.add_middleware(logs.RequestLog)
app.include_router(health.router)
app.include_router(metrics.router)
app.include_router(tokens.router)
for each in (users, teams, incidents, alerts, events):
    app.include_router(each.router, dependencies=[Depends(who_asks)])
