# wrong: which status says that the request can be read, and its values cannot be used?
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
    return problem(400, "See errors.", errors=errors)
