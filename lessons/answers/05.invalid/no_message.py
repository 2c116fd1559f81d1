# wrong: `errors` holds {'field': 'body.team_id'}
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [{"field": ".".join(map(str, e["loc"]))} for e in error.errors()]
    return problem(422, "See errors.", errors=errors)
