# right: two lists, and a loop over the turns
def refusal(status: str, incident_team: int, user_team: int) -> str:
    """Say why not."""
    match status:
        case "open" if incident_team == user_team:
            return ""
        case "open":
            return "not your team"
    return "not open"


def next_to_page(people: Sequence[Who], waiting: timedelta) -> Who | None:
    """Tell whose turn it is."""
    now: Who | None = None
    members = [each for each in people if each.role == "member"]
    for each in members + [each for each in people if each.role == "lead"]:
        if now is not None and waiting < PATIENCE:
            break
        if now is not None:
            waiting -= PATIENCE
        now = each
    return now
