# wrong: which key of an error holds the input?
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    return problem(422, "See errors.", errors=error.errors())
