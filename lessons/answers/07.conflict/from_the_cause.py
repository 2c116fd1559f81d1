# right: the name by way of the cause, and get
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason."""
    cause = error.orig.__cause__ if error.orig else None
    known = REASONS.get(getattr(cause, "constraint_name", None) or "")
    if known is None:
        raise error
    return problem(*known)
