# wrong: who reads `detail`, and what does `errors` hold?
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why; what the client sent is not repeated."""
    errors = [
        {"field": ".".join(str(part) for part in each["loc"]), "message": each["msg"]}
        for each in error.errors()
    ]
    return problem(422, "", errors=errors)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: refused,
    RequestValidationError: invalid,
}
