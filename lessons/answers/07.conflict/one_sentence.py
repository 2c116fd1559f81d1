# wrong: which of the sentences belongs to that constraint?
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason."""
    name = error.driver_exception.constraint_name
    if name not in REASONS:
        raise error
    return problem(REASONS[name][0], "There is a conflict.")
