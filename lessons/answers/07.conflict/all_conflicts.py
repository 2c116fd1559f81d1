# wrong: what should the log say about a constraint that nobody has named?
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason."""
    name = error.driver_exception.constraint_name
    status, detail = REASONS.get(name, (409, "There is a conflict."))
    return problem(status, detail)
