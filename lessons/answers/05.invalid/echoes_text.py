# wrong: it repeats what was sent
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [
        {"field": ".".join(map(str, e["loc"])), "message": f"{e['msg']}, not {e['input']!r}"}
        for e in error.errors()
    ]
    return problem(422, "See errors.", errors=errors)
