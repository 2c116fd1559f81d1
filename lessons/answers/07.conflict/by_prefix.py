# wrong: which names have a sentence, and which only look like them?
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason."""
    name = error.driver_exception.constraint_name or ""
    if name == "uq_user_account_email":
        return problem(*REASONS[name])
    if name.startswith("uq_"):
        return problem(409, "There is a team of this name.")
    if name.startswith("fk_"):
        return problem(409, "There is no such team.")
    raise error
