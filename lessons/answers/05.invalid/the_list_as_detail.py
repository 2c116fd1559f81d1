# wrong: your list stands in `detail`, as text
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why; what the client sent is not repeated."""
    errors = [
        {"field": ".".join(str(part) for part in each["loc"]), "message": each["msg"]}
        for each in error.errors()
    ]
    raise HTTPException(422, errors)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: refused,
    RequestValidationError: invalid,
}
