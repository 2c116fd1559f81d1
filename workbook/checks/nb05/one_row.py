"""An endpoint that shows one row: the row, none, an id that no row can have, no table."""

import inspect
import json
from typing import Any

import httpx
from fastapi import HTTPException
from fastapi.exceptions import ResponseValidationError
from sqlalchemy import Result, Row, ScalarResult
from sqlalchemy.ext.asyncio import AsyncEngine

from workbook.base.causes import causes
from workbook.checks import crashes, unawaited
from workbook.checks.answer import expect, show
from workbook.checks.nb05.crashes import Behind
from workbook.checks.statements import statements
from workbook.checks.verdict import NotYet

NO_SUCH_ROWS = (999, 2**31 - 1)
NO_IDS = (2**31, 2**63, -1, 0, "one")
"""What no row can have as its id."""


async def is_shown(
    client: httpx.AsyncClient, behind: Behind, path: str, row: dict[str, object]
) -> None:
    """200, with these fields and no other."""
    call = f"GET {path}/{row['id']}"
    got = await client.get(f"{path}/{row['id']}")
    if got.status_code != 200:
        _wrong_status(call, got, behind, 200, _why_not_shown(got, behind))
    found = _body(got)
    if not isinstance(found, dict) or sorted(found) != sorted(row):
        if isinstance(found, str) and isinstance(_read(found), dict):
            said, wanted = f"it answered with a text: {show(found)}", "an object of JSON"
            ask = "who makes JSON of what you return: your code, or FastAPI?"
            raise NotYet(call, got=said, wanted=wanted, ask=ask)
        fields = ", ".join(found) if isinstance(found, dict) else show(found)
        ask = "who decides which fields leave, the table or a schema?"
        if isinstance(found, dict) and set(found) < set(row):
            ask = "which field does the client miss, and which line lists what leaves?"
        raise NotYet(call, got=f"its fields are: {fields}", wanted=", ".join(row), ask=ask)
    expect(f"{call}, the id", found["id"], row["id"], "whose row is that?")
    expect(call, found, row, "which of these values does the row hold?")


def _why_not_shown(got: httpx.Response, behind: Behind) -> str:
    """The question about another status for a row that is there."""
    if got.status_code == 422 and '"query"' in got.text:
        return "by which name does the path hold the id, and by which one does the function ask?"
    if isinstance(behind.error, ResponseValidationError) and isinstance(behind.error.body, Row):
        return "which call gives rows, and which gives the first value of each?"
    if isinstance(behind.error, ResponseValidationError) and isinstance(
        behind.error.body, _RESULTS
    ):
        return "is that the row already, or a result from which it has to be taken?"
    if got.status_code == 404 and _body(got) != {"detail": "Not Found"}:
        return "that is your own 404: what did the query give, and when does your code raise it?"
    return _ABOUT_ROUTE.get(got.status_code, "")


_RESULTS = (Result, ScalarResult)
_ABOUT_ROUTE = {
    307: "does the path of this route end as the client's does, or with a slash?",
    404: "what is the whole path of this route, with the router's prefix?",
    405: "which method of HTTP does this route serve?",
}


async def is_missing(client: httpx.AsyncClient, behind: Behind, path: str, row_id: int) -> None:
    """404, with a sentence that names the id."""
    call, got = f"GET {path}/{row_id}", await client.get(f"{path}/{row_id}")
    if got.status_code != 404:
        last = "which is the last id that the column can hold?" if row_id != 999 else ""
        _wrong_status(call, got, behind, 404, last or _why_no_404(got, behind))
    body = _body(got)
    detail = body.get("detail") if isinstance(body, dict) else None
    if isinstance(detail, str) and str(row_id) in detail and detail.upper() != detail.lower():
        return
    wanted = "a sentence that names the id"
    ask = "what would the author of the client like to read?"
    if detail == str(row_id):
        ask = "what does a number alone tell its reader?"
    elif isinstance(detail, str) and "{" in detail:
        ask = "what makes Python put a value into a text?"
    elif isinstance(detail, dict | list):
        ask = "who reads it: is that a sentence, or an object?"
    raise NotYet(call, got=f"its detail is {show(detail)}", wanted=wanted, ask=ask)


def _read(text: str) -> Any:
    """What the text is as JSON; None where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


_RETURNED = "is a 404 returned or raised?"


def _why_no_404(got: httpx.Response, behind: Behind) -> str:
    """The question about another status for a row that is not there."""
    if got.status_code != 500:
        ask = "which status says that there is no such thing?"
        return _RETURNED if _is_error_in_body(_body(got)) else ask
    error = behind.error
    raised = (each for each in _crash() if isinstance(each, HTTPException))
    if any(isinstance(each.status_code, str) for each in raised):
        return "which argument of `HTTPException` comes first: the status, or the text?"
    if isinstance(error, ResponseValidationError) and isinstance(error.body, HTTPException | tuple):
        return _RETURNED
    nothing = isinstance(error, ResponseValidationError) and error.body is None
    if nothing or (isinstance(error, AttributeError) and error.obj is None):
        return "what does the query give where there is no row?"
    return ""


def _is_error_in_body(body: Any) -> bool:
    """Whether a 404, as an HTTPException or in a tuple, was sent as if it were a row."""
    values = body.values() if isinstance(body, dict) else body
    return isinstance(body, dict | list) and 404 in values


def _crash() -> list[BaseException]:
    error = crashes.error()
    return [] if error is None else list(causes(error))


def _wrong_status(call: str, got: httpx.Response, behind: Behind, wanted: int, ask: str) -> None:
    told = f"it answered {got.status_code}"
    if isinstance(behind.error, ResponseValidationError):
        told += behind.told("")
        ask = unawaited.ASK if inspect.iscoroutine(behind.error.body) else ask
    if got.status_code in (200, 422):
        told += f": {show(_body(got))}"
    raise NotYet(call, got=told, wanted=str(wanted), ask=ask)


def _body(got: httpx.Response) -> Any:
    try:
        return got.json()
    except json.JSONDecodeError:
        return got.text


async def fails(client: httpx.AsyncClient, path: str, what: str) -> None:
    """What the database refuses says nothing about the row: it is no answer of the 400s."""
    got = await client.get(f"{path}/2")
    if got.status_code < 500:
        raise NotYet(
            f"GET {path}/2, while its table is missing",
            got=f"it answered {got.status_code}",
            wanted="500: the error of the database goes on",
            ask=f"which errors mean that there is no such {what}, and which does your `except`"
            " take?",
        )


async def is_refused(
    client: httpx.AsyncClient, engine: AsyncEngine, path: str, bad: object
) -> None:
    """An id that no row can have is refused before anybody asks the database."""
    with statements(engine) as sent:
        got = await client.get(f"{path}/{bad}")
    if got.status_code in (400, 404, 422) and not sent:
        return
    raise NotYet(
        f"GET {path}/{bad}",
        got=f"it answered {got.status_code}{', after a query was made' if sent else ''}",
        wanted="422 (400 and 404 will do), before PostgreSQL is asked",
        ask="which of your types knows where an id begins and where it ends?",
    )
