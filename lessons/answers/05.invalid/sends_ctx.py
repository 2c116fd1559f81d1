# wrong: can each part of an error always be written as JSON?
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"], "why": e.get("ctx")} for e in error.errors()]
    return problem(422, "`errors` says what to change.", errors=errors)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: refused,
    RequestValidationError: invalid,
}
