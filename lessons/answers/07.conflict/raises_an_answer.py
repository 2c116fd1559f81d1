# right: an HTTPException is raised, which `refused` makes an answer of: one place forms all answers, and the error passes two handlers
from sqlalchemy.exc import IntegrityError

REASONS = {
    "uq_user_account_email": (409, "There is a user with this email."),
    "uq_team_name": (409, "There is a team of this name."),
    "uq_alert_team_id_dedupe_key": (409, "There is an alert of this key."),
    "uq_acknowledgement_incident_id": (409, "Somebody has taken the incident."),
    "fk_user_account_team_id_team": (409, "There is no such team."),
    "fk_alert_team_id_team": (409, "There is no such team."),
    "fk_incident_team_id_team": (409, "There is no such team."),
    "fk_alert_incident_id_incident": (409, "There is no such incident."),
    "fk_acknowledgement_incident_id_incident": (409, "There is no such incident."),
    "fk_acknowledgement_user_id_user_account": (409, "There is no such user."),
}


async def conflict(_: Request, error: IntegrityError) -> Response:
    """Answer with the reason that stands for the broken constraint; without one it is our fault."""
    name = error.driver_exception.constraint_name
    if name in REASONS:
        status, sentence = REASONS[name]
        raise HTTPException(status, sentence)
    raise error


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: refused,
    RequestValidationError: invalid,
    IntegrityError: conflict,
}
