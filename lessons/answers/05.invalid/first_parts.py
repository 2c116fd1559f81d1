# wrong: which parts does `loc` have, and what stands between them?
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [
        {"field": ".".join(map(str, e["loc"][:2])), "message": e["msg"]}
        for e in error.errors()
    ]
    return problem(422, "See errors.", errors=errors)
