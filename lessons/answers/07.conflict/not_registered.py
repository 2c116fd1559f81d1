# wrong: how does the app learn that your handler is there?
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    name = error.driver_exception.constraint_name
    if name not in REASONS:
        raise error
    return problem(*REASONS[name])


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: refused,
    RequestValidationError: invalid,
}
