# right: a plain function
from sqlalchemy.exc import IntegrityError


def conflict(_: Request, error: IntegrityError) -> Response:
    name = error.driver_exception.constraint_name
    if name not in REASONS:
        raise error
    return problem(*REASONS[name])
