# wrong: which part of an error says why it was refused?
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [
        {"field": ".".join(map(str, e["loc"])), "message": "This cannot be used."}
        for e in error.errors()
    ]
    return problem(422, "See errors.", errors=errors)
