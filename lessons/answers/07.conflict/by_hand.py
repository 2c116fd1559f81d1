# wrong: how does your handler find 'uq_shift_day' in REASONS?
from sqlalchemy.exc import IntegrityError


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason."""
    name = error.driver_exception.constraint_name
    if name == "uq_user_account_email":
        return problem(409, "There is a user with this email.")
    if name == "uq_team_name":
        return problem(409, "There is a team of this name.")
    if name in ("fk_user_account_team_id_team", "fk_alert_team_id_team"):
        return problem(409, "There is no such team.")
    raise error
