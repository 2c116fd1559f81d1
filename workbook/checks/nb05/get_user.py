"""05.get_user: one user by id, and what is answered where there is none."""

import inspect
import json
from typing import Any

import httpx
from fastapi import HTTPException
from fastapi.exceptions import ResponseValidationError
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.checks import unawaited
from workbook.checks.answer import Answer, expect, show
from workbook.checks.app_client import client_of
from workbook.checks.connections import app_engine
from workbook.checks.nb05.crashes import Behind
from workbook.checks.statements import statements
from workbook.checks.verdict import NotYet

ADA = {"id": 1, "name": "Ada", "email": "a@n.test", "role": "member", "team_id": 2}
BEN = {"id": 2, "name": "Ben", "email": "b@n.test", "role": "lead", "team_id": 1}


async def check(answer: Answer) -> None:
    """200 with five fields, 404 that names the id, and no query for an id that no row can have."""
    await _store_two_users(answer)
    behind = Behind()
    app = behind.app()
    app.include_router(answer.load().router)
    async with app_engine() as engine, client_of(app) as client:
        for user in (BEN, ADA):
            await _is_shown(client, behind, user)
        for user_id in (999, 2**31 - 1):
            await _is_missing(client, behind, user_id)
        for bad in (2**31, 2**63, -1, 0, "one"):
            await _is_refused(client, engine, bad)
        await answer.observer.execute("ALTER TABLE user_account RENAME TO elsewhere")
        await _fails(client)


async def _store_two_users(answer: Answer) -> None:
    await answer.observer.execute("TRUNCATE team RESTART IDENTITY CASCADE")
    await answer.observer.execute("INSERT INTO team (name) VALUES ('night'), ('day')")
    await answer.observer.execute(
        "INSERT INTO user_account (name, email, login, role, team_id, mobile)"
        " VALUES ('Ada', 'a@n.test', 'ada', 'member', 2, '+49'),"
        " ('Ben', 'b@n.test', 'ben', 'lead', 1, NULL)"
    )


async def _is_shown(client: httpx.AsyncClient, behind: Behind, user: dict[str, object]) -> None:
    call = f"GET /users/{user['id']}"
    got = await client.get(f"/users/{user['id']}")
    if got.status_code != 200:
        _wrong_status(call, got, behind, 200, _why_not_shown(got, behind))
    found = _body(got)
    if not isinstance(found, dict) or sorted(found) != sorted(user):
        fields = ", ".join(found) if isinstance(found, dict) else show(found)
        ask = "who decides which fields leave, the table or a schema?"
        raise NotYet(call, got=f"its fields are: {fields}", wanted=", ".join(user), ask=ask)
    expect(f"{call}, the id", found["id"], user["id"], "whose row is that?")
    expect(call, found, user, "which of these values does the row hold?")


def _why_not_shown(got: httpx.Response, behind: Behind) -> str:
    """The question about another status for a user who is there."""
    if got.status_code == 422 and '"query"' in got.text:
        return "by which name does the path hold the id, and by which one does the function ask?"
    if isinstance(behind.error, ResponseValidationError) and isinstance(behind.error.body, Row):
        return "which call gives rows, and which gives the first value of each?"
    return _ABOUT_ROUTE.get(got.status_code, "")


_ABOUT_ROUTE = {
    404: "what is the whole path of this route, with the router's prefix?",
    405: "which method of HTTP does this route serve?",
}


async def _is_missing(client: httpx.AsyncClient, behind: Behind, user_id: int) -> None:
    call, got = f"GET /users/{user_id}", await client.get(f"/users/{user_id}")
    if got.status_code != 404:
        last = "which is the last id that the column can hold?" if user_id != 999 else ""
        _wrong_status(call, got, behind, 404, last or _why_no_404(got.status_code, behind))
    body = _body(got)
    detail = body.get("detail") if isinstance(body, dict) else None
    if isinstance(detail, str) and str(user_id) in detail:
        return
    wanted = "a sentence that names the id"
    ask = "what would the author of the client like to read?"
    if isinstance(detail, str) and "{" in detail:
        ask = "what has Python put a value into a text?"
    elif isinstance(detail, dict | list):
        ask = "who reads it: is that a sentence, or an object?"
    raise NotYet(call, got=f"its detail is {show(detail)}", wanted=wanted, ask=ask)


def _why_no_404(status: int, behind: Behind) -> str:
    """The question about another status for a user who is not there."""
    if status != 500:
        return "which status says that there is no such thing?"
    error = behind.error
    if isinstance(error, ResponseValidationError) and isinstance(error.body, HTTPException | tuple):
        return "is a 404 returned or raised?"
    nothing = isinstance(error, ResponseValidationError) and error.body is None
    if nothing or (isinstance(error, AttributeError) and error.obj is None):
        return "what does the query give where there is no row?"
    return ""


def _wrong_status(call: str, got: httpx.Response, behind: Behind, wanted: int, ask: str) -> None:
    told = f"it answered {got.status_code}"
    if isinstance(behind.error, ResponseValidationError):
        told += behind.told("")
        ask = unawaited.ASK if inspect.iscoroutine(behind.error.body) else ask
    if got.status_code == 422:
        told += f": {show(_body(got))}"
    raise NotYet(call, got=told, wanted=str(wanted), ask=ask)


def _body(got: httpx.Response) -> Any:
    try:
        return got.json()
    except json.JSONDecodeError:
        return got.text


async def _fails(client: httpx.AsyncClient) -> None:
    """What the database refuses says nothing about the user: it is no answer of the 400s."""
    got = await client.get("/users/2")
    if got.status_code < 500:
        raise NotYet(
            "GET /users/2, while its table is missing",
            got=f"it answered {got.status_code}",
            wanted="500: the error of the database goes on",
            ask="which errors mean that there is no such user, and which does your `except` take?",
        )


async def _is_refused(client: httpx.AsyncClient, engine: AsyncEngine, bad: object) -> None:
    """An id that no row can have is refused before anybody asks the database."""
    with statements(engine) as sent:
        got = await client.get(f"/users/{bad}")
    if got.status_code in (400, 404, 422) and not sent:
        return
    raise NotYet(
        f"GET /users/{bad}",
        got=f"it answered {got.status_code}{', after a query was made' if sent else ''}",
        wanted="422 (400 and 404 will do), before PostgreSQL is asked",
        ask="which of your types knows where an id begins and where it ends?",
    )
