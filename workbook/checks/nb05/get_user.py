"""05.get_user: one user by id, and what is answered where there is none."""

import json
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.checks.answer import Answer, expect, show
from workbook.checks.app_client import client_of
from workbook.checks.connections import app_engine
from workbook.checks.nb05.crashes import name_of_crash, status_or_crash
from workbook.checks.statements import statements
from workbook.checks.verdict import NotYet

ADA = {"id": 1, "name": "Ada", "email": "a@n.test", "role": "member", "team_id": 2}
BEN = {"id": 2, "name": "Ben", "email": "b@n.test", "role": "lead", "team_id": 1}


async def check(answer: Answer) -> None:
    """200 with five fields, 404 that names the id, 422 for an id that no row can have."""
    await _store_two_users(answer)
    app = FastAPI(exception_handlers={Exception: name_of_crash})
    app.include_router(answer.load().router)
    async with app_engine() as engine, client_of(app) as client:
        for user in (BEN, ADA):
            await _is_shown(client, user)
        for user_id in (999, 2**31 - 1):
            await _is_missing(client, user_id)
        for bad in (2**31, 2**63, -1, 0, "one"):
            await _is_refused(client, engine, bad)


async def _store_two_users(answer: Answer) -> None:
    await answer.observer.execute("TRUNCATE team RESTART IDENTITY CASCADE")
    await answer.observer.execute("INSERT INTO team (name) VALUES ('night'), ('day')")
    await answer.observer.execute(
        "INSERT INTO user_account (name, email, login, role, team_id, mobile)"
        " VALUES ('Ada', 'a@n.test', 'ada', 'member', 2, '+49'),"
        " ('Ben', 'b@n.test', 'ben', 'lead', 1, NULL)"
    )


async def _is_shown(client: httpx.AsyncClient, user: dict[str, object]) -> None:
    number = user["id"]
    found = await _body(client, number, 200, "which row was asked for?")
    leaves = "who decides which fields leave, the table or a schema?"
    expect(f"the fields of user {number}", sorted(found), sorted(user), leaves)
    expect(f"the id of user {number}", found["id"], number, "whose row is that?")
    expect(f"user {number}", found, user, "which of these values does the row hold?")


async def _is_missing(client: httpx.AsyncClient, user_id: int) -> None:
    ask = "what does `session.get` give for no row, and is a 404 returned or raised?"
    if user_id != 999:
        ask = "which is the last id that the column can hold?"
    detail = (await _body(client, user_id, 404, ask)).get("detail")
    if not isinstance(detail, str) or str(user_id) not in detail:
        raise NotYet(
            f"the detail of GET /users/{user_id}",
            got=show(detail),
            wanted="a sentence that names the id",
            ask="what would the author of the client like to read?",
        )


async def _body(client: httpx.AsyncClient, user_id: object, wanted: int, ask: str) -> Any:
    """The JSON of an answer with the wanted status; NotYet with this question for another."""
    got = await client.get(f"/users/{user_id}")
    expect(f"the status of GET /users/{user_id}", status_or_crash(got), wanted, ask)
    try:
        return got.json()
    except json.JSONDecodeError:
        return {}


async def _is_refused(client: httpx.AsyncClient, engine: AsyncEngine, bad: object) -> None:
    """An id that no row can have is refused before anybody asks the database."""
    with statements(engine) as sent:
        got = await client.get(f"/users/{bad}")
    if got.status_code not in (400, 404, 422):
        _not_refused(f"the status of GET /users/{bad}", str(status_or_crash(got)))
    if sent:
        _not_refused(f"GET /users/{bad}", f"{got.status_code}, after a query was made")


def _not_refused(called: str, got: str) -> None:
    ask = "which of your types knows where an id begins and where it ends?"
    raise NotYet(called, got=got, wanted="422, before PostgreSQL is asked", ask=ask)
