# wrong: a list with an object for each wrong field
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    return problem(422, "x", errors=[f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()])


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: refused,
    RequestValidationError: invalid,
}
