# wrong: which function of this file makes such answers?
from fastapi.responses import JSONResponse


async def invalid(request: Request, error: RequestValidationError) -> Response:
    """Say which fields are wrong, and why."""
    errors = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
    return JSONResponse({"title": "Wrong", "errors": errors}, 422)
