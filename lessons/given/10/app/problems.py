from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.failures import CommitLost, busy, note, passes

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
    DBAPIError: unavailable,
    PoolTimeout: unavailable,
    CommitLost: unknown,
}
