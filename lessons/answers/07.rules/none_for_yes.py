# wrong: '', a text without a character
def refusal(status: str, incident_team: int, user_team: int) -> str | None:
    """Say why not."""
    if user_team != incident_team:
        return "Only its own team takes an incident."
    return None if status == "open" else f"The incident is {status} already."


def next_to_page(people: Sequence[Who], waiting: timedelta) -> Who | None:
    """Tell whose turn it is."""
    queue = sorted(people, key=lambda each: each.role != "member")
    turn = max(waiting // PATIENCE, 0)
    return queue[min(turn, len(queue) - 1)] if queue else None
