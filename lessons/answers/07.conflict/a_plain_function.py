# right: a plain function, which Starlette runs in a thread: nothing in it waits, so it need not be async, but a thread costs more than a call
from sqlalchemy.exc import IntegrityError


def conflict(_: Request, error: IntegrityError) -> Response:
    name = error.driver_exception.constraint_name
    if name not in REASONS:
        raise error
    return problem(*REASONS[name])
