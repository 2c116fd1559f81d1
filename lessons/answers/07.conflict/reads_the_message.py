# wrong: which part of the error is only the constraint's name?
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason."""
    for name, (status, detail) in REASONS.items():
        if name in str(error):
            return problem(status, detail)
    raise error
