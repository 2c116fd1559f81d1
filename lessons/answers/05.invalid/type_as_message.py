# wrong: who reads this, a program or somebody who looks for a mistake?
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [
        {"field": ".".join(map(str, e["loc"])), "message": e["type"]}
        for e in error.errors()
    ]
    return problem(422, "See errors.", errors=errors)
