# wrong: which function makes problems?
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason."""
    from fastapi.responses import JSONResponse

    name = error.driver_exception.constraint_name
    if name not in REASONS:
        raise error
    status, detail = REASONS[name]
    return JSONResponse({"detail": detail}, status)
