"""Apps that keep what their 201 promises, and apps that do not: what 06.lost is tried on."""

import contextlib
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncSession

from workbook.checks.nb06.stored_users import store

NEVER_SAYS_201 = "an app that stores the user, and answers 503"
"""It has a row that nobody was promised: fewer 201s than rows are no loss, and no gain."""


class OnlyEmail(BaseModel):
    """What these apps accept, as the task says: an email, and nothing else."""

    model_config = ConfigDict(extra="forbid")

    email: str


def mounted(apps: list[FastAPI]) -> FastAPI:
    """One app that serves these under `/0`, `/1` and so on: a server for each takes longer."""
    whole = FastAPI()
    for number, app in enumerate(apps):
        whole.mount(f"/{number}", app)
    return whole


def promising_apps(sessions: Any) -> list[tuple[FastAPI, tuple[str, int, str]]]:
    """Each app, and about it: what it is, how many rows of two are lost, and a question.

    The question is for whoever sees other losses.
    """

    async def lend() -> AsyncIterator[AsyncSession]:
        async with sessions.begin() as session:
            yield session

    late, early = _by_dependency(lend, "request"), _by_dependency(lend, "function")
    conflict, known, liar = (
        _explicit(*each) for each in ((sessions, 409), (sessions, 200), (None, 201))
    )
    whose, error = "whose rows did you count?", "what is promised by an error?"
    return [
        (late, ("an app that commits after its answer", 1, whose)),
        (early, ("an app that commits before its answer", 0, error)),
        (conflict, ("an app that answers 409 the second time", 0, error)),
        (known, ("an app that answers 200 the second time", 0, "which status promises a new row?")),
        (liar, ("an app that stores nothing, and says 201", 2, whose)),
        (_doubts(sessions), (NEVER_SAYS_201, 0, "who was promised the row that is there?")),
    ]


def _by_dependency(lend: Any, scope: Any) -> FastAPI:
    app, kind = FastAPI(), Annotated[AsyncSession, Depends(lend, scope=scope)]

    @app.post("/users", status_code=201)
    async def post(new: OnlyEmail, session: kind) -> dict[str, int]:  # type: ignore[valid-type]
        return {"id": await store(session, new.email)}

    return app


def _explicit(sessions: Any, status: int) -> FastAPI:
    app = FastAPI()

    @app.post("/users", status_code=201)
    async def post(new: OnlyEmail) -> dict[str, int]:
        if sessions is None:
            return {"id": 1}
        try:
            async with sessions.begin() as session:
                return {"id": await store(session, new.email)}
        except exc.IntegrityError:
            raise HTTPException(status) from None

    return app


def _doubts(sessions: Any) -> FastAPI:
    """It does not know how its COMMIT has ended, and says so, though the row is there."""
    app = FastAPI()

    @app.post("/users", status_code=201)
    async def post(new: OnlyEmail) -> dict[str, int]:
        with contextlib.suppress(exc.IntegrityError):
            async with sessions.begin() as session:
                await store(session, new.email)
        raise HTTPException(503)

    return app
