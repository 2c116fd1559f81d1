# right: an HTTPException, which the app's outer layer answers: one place forms all answers, and the error passes two handlers
from sqlalchemy.exc import IntegrityError

REASONS = {
    "uq_user_account_email": (409, "There is a user with this email."),
    "uq_team_name": (409, "There is a team of this name."),
    "fk_user_account_team_id_team": (409, "There is no such team."),
    "fk_alert_team_id_team": (409, "There is no such team."),
}


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason that stands for the broken constraint; without one it is our fault."""
    name = error.driver_exception.constraint_name
    if name in REASONS:
        status, detail = REASONS[name]
        raise HTTPException(status, detail) from error
    raise error


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: refused,
    RequestValidationError: invalid,
    IntegrityError: conflict,
}
