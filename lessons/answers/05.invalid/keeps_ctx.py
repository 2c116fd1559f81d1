# wrong: can each part of an error always be written as JSON?
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [
        {"field": ".".join(map(str, e["loc"])), "message": e["msg"], "about": e.get("ctx")}
        for e in error.errors()
    ]
    return problem(422, "See errors.", errors=errors)
