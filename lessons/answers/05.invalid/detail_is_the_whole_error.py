# wrong: what stands in the text of the whole error?
from fastapi.exception_handlers import request_validation_exception_handler


async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why; what the client sent is not repeated."""
    errors = [
        {"field": ".".join(map(str, each["loc"])), "message": each["msg"]}
        for each in error.errors()
    ]
    return problem(422, str(error), errors=errors)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: refused,
    RequestValidationError: invalid,
}
