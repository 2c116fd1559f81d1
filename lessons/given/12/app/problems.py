"""One shape for every error that a client gets: problem details, RFC 9457."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.failures import CommitLost, busy, driver, note, passes

METHODS = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")
TITLES = {each.value: each.phrase for each in HTTPStatus}
MEDIA_TYPE = "application/problem+json"
SCHEMA = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
ID = {"x-request-id": {"schema": {"type": "string"}, "description": "Names it in our log."}}
AGAIN = {"retry-after": {"schema": {"type": "integer"}, "description": "Seconds to wait for."}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    kind: {"description": text, "content": {MEDIA_TYPE: {"schema": SCHEMA}}, "headers": headers}
    for kind, text, headers in (
        ("4XX", "The request cannot be served; `detail` says why.", ID),
        ("5XX", "The fault is ours, and it is in our log.", ID),
        (503, "With Retry-After: nothing was done, send it again. Else look first.", ID | AGAIN),
    )
}


def problem(status: int, detail: str, **more: object) -> JSONResponse:
    """Make an answer in the shape of RFC 9457; the title is the status in words."""
    body = {"title": TITLES.get(status, "Error"), "status": status, "detail": detail, **more}
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


async def refused(request: Request, error: HTTPException) -> Response:
    """Say what the code of the app, or the framework, raised as an answer."""
    answer = problem(error.status_code, str(error.detail))
    answer.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["allow"] = ", ".join(_methods(request))
    return answer


def _methods(request: Request) -> list[str]:
    """Ask every method of HTTP whether some route serves it here; HEAD is served as GET is."""
    routes = request.app.routes
    asked = [(each, dict(request.scope) | {"method": each}) for each in METHODS]
    full = Match.FULL
    found = {name for name, scope in asked if any(r.matches(scope)[0] == full for r in routes)}
    return sorted(found | {"HEAD"} if "GET" in found else found)


async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why; what the client sent is not repeated."""
    errors = [
        {"field": ".".join(map(str, each["loc"])), "message": each["msg"]}
        for each in error.errors()
    ]
    return problem(422, "`errors` says what to change.", errors=errors)


REASONS = {
    "uq_user_account_team_id_email": (409, "There is a user with this email."),
    "uq_team_name": (409, "There is a team of this name."),
    "uq_alert_team_id_dedupe_key": (409, "There is an alert of this key."),
    "uq_acknowledgement_team_id_incident_id": (409, "Somebody has taken the incident."),
    "uq_page_team_id_incident_id_user_id": (409, "Somebody is paged for the incident already."),
    "fk_user_account_team_id_team": (409, "There is no such team."),
    "fk_alert_team_id_team": (409, "There is no such team."),
    "fk_incident_team_id_team": (409, "There is no such team."),
    "fk_alert_team_id_incident_id_incident": (409, "There is no such incident."),
    "fk_acknowledgement_team_id_incident_id_incident": (409, "There is no such incident."),
    "fk_acknowledgement_team_id_user_id_user_account": (409, "There is no such user."),
    "fk_page_team_id_incident_id_incident": (409, "There is no such incident."),
    "fk_page_team_id_user_id_user_account": (409, "There is no such user."),
}


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason that stands for the broken constraint; without one it is our fault."""
    name = getattr(error.driver_exception, "constraint_name", "")
    if name not in REASONS:
        raise error
    status, detail = REASONS[name]
    return problem(status, detail)


MOST, LONGEST = 20, 100
"""How many errors one answer has, and how many characters of what a field was called."""


async def bounded(request: Request, error: RequestValidationError) -> Response:
    """Say what is wrong with the first fields: an answer is not longer than what was sent."""
    first = [
        {**each, "loc": [str(part)[:LONGEST] for part in each["loc"]]}
        for each in error.errors()[:MOST]
    ]
    return await invalid(request, RequestValidationError(first))


async def unknown(_: Request, error: CommitLost) -> Response:
    """Say that nobody knows whether it counts; sent again blindly, it may be done twice."""
    note("answered with 503", error)
    return problem(503, "This may be stored, or not: look before you send it again.")


async def forbidden(request: Request, error: ProgrammingError) -> Response:
    """Refuse a row of another team, as its table has done; a right that is missing is our fault."""
    if getattr(driver(error), "server_source_function", "") == "ExecWithCheckOptions":
        return problem(403, "That belongs to another team, or there is no such team.")
    return await unavailable(request, error)


async def unavailable(_: Request, error: Exception) -> Response:
    """Ask the client to come again, where the database, and not the request, is the reason."""
    if isinstance(error, DBAPIError) and not (busy(error) or passes(error)):
        raise error
    note("answered with 503", error)
    answer = problem(503, "The database is busy or away. Try again in a moment.")
    answer.headers["retry-after"] = "1"
    return answer


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: refused,
    RequestValidationError: bounded,
    IntegrityError: conflict,
    ProgrammingError: forbidden,
    DBAPIError: unavailable,
    PoolTimeout: unavailable,
    CommitLost: unknown,
}
