# wrong: which of the sentences belongs to that constraint?
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason."""
    if error.driver_exception.sqlstate == "23505":
        return problem(409, "There is a user with this email.")
    if error.driver_exception.sqlstate == "23503":
        return problem(409, "There is no such team.")
    raise error
