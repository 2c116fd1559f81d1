# wrong: in which order does `problem` take the two?
from fastapi.exception_handlers import request_validation_exception_handler


async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why; what the client sent is not repeated."""
    errors = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
    return problem("Some fields are wrong.", 422, errors=errors)
HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: refused,
    RequestValidationError: invalid,
}
