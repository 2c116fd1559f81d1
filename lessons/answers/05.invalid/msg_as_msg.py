# wrong: a `message` for each field
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [{"field": ".".join(map(str, each["loc"])), "msg": each["msg"]} for each in error.errors()]
    return problem(422, "`errors` says what to change.", errors=errors)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: refused,
    RequestValidationError: invalid,
}
