# wrong: its keys are: title, status, detail
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    return problem(422, "Something is wrong with your request.")
