# wrong: it repeats what was sent
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [
        {"field": ".".join(map(str, e["loc"])), "message": e["msg"]}
        for e in error.errors()
    ]
    answer = problem(422, "See errors.", errors=errors)
    answer.headers["x-refused"] = ascii(error.body or error.errors()[0]["input"])
    return answer
