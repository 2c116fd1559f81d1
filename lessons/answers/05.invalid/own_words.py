# right: sentences of its own for two types of error, one for all others, and the place last
WORDS = {"missing": "It must be there.", "int_parsing": "It must be a whole number."}


async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [
        {"message": WORDS.get(e["type"], "It cannot be used here."), "field": ".".join(map(str, e["loc"]))}
        for e in error.errors()
    ]
    return problem(422, "See errors.", errors=errors)
