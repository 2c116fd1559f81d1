# wrong: it raised AttributeError: 'UniqueViolationError' object has no attribute 'constraint_name'
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    name = error.orig.constraint_name
    if name not in REASONS:
        raise error
    return problem(*REASONS[name])
