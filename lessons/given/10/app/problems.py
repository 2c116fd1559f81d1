from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.database import CommitLost, passes, sqlstate

BUSY = {"57014", "55P03"}
"""SQLSTATEs: a statement took longer than statement_timeout, or waited so for a lock."""


async def unavailable(_: Request, error: Exception) -> Response:
    """Ask the client to come again, where the database, and not the request, is the reason."""
    late = isinstance(error, DBAPIError) and sqlstate(error) in BUSY
    if not (late or isinstance(error, PoolTimeout | CommitLost) or passes(error)):
        raise error
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
    OSError: unavailable,
}
