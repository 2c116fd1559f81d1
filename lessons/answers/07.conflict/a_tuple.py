# wrong: which function of this file makes an answer of a status and a sentence?
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    name = error.driver_exception.constraint_name
    if name not in REASONS:
        raise error
    return REASONS[name]
