# right: a loop, with the type of the error as well
async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = []
    for each in error.errors():
        field = ".".join(str(part) for part in each["loc"])
        errors.append({"field": field, "message": each["msg"], "type": each["type"]})
    return problem(422, f"{len(errors)} fields cannot be used.", errors=errors)
