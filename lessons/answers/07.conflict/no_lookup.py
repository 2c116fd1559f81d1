# wrong: the status for an email that is taken
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason."""
    raise error
    return problem(409, "There is a conflict.")
