# wrong: what should the log say about a constraint that nobody has named?
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    name = error.driver_exception.constraint_name
    if name not in REASONS:
        raise RuntimeError('our fault') from error
    return problem(*REASONS[name])
