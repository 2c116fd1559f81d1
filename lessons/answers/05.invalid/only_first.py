# wrong: how many mistakes did the client make, and of how many does it hear?
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    first = error.errors()[0]
    errors = [{"field": ".".join(map(str, first["loc"])), "message": first["msg"]}]
    return problem(422, "See errors.", errors=errors)
