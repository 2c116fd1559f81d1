"""One shape for every error that a client gets: problem details, RFC 9457."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

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
RESPONSES: dict[int | str, dict[str, Any]] = {
    kind: {"description": text, "content": {MEDIA_TYPE: {"schema": SCHEMA}}}
    for kind, text in {
        "4XX": "The request cannot be served; `detail` says why.",
        "5XX": "The request may be right; try again later.",
    }.items()
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


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: refused,
}
