# wrong: IndexError: tuple index out of range: app/problems.py, line 
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [
        {"field": f"{e['loc'][0]}.{e['loc'][1]}", "message": e["msg"]}
        for e in error.errors()
    ]
    return problem(422, "See errors.", errors=errors)
