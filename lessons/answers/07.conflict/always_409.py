# wrong: (uq_shift_day, which has no sentence, and gets one later): the status
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason."""
    name = error.driver_exception.constraint_name
    if name not in REASONS:
        raise error
    return problem(409, REASONS[name][1])
