from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.failures import CommitLost, busy, note, passes


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
    RequestValidationError: invalid,
    IntegrityError: conflict,
    DBAPIError: unavailable,
    PoolTimeout: unavailable,
    CommitLost: unavailable,
}
