# wrong: how does your handler find 'uq_user_account_email' in REASONS?
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason."""
    raise error
    return problem(409, "There is a conflict.")
