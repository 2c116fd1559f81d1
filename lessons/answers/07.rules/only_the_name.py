# wrong: a person, or something about a person?
def refusal(status: str, incident_team: int, user_team: int) -> str:
    if user_team != incident_team:
        return "Only its own team takes an incident."
    return "" if status == "open" else f"The incident is {status} already."


def next_to_page(people: Sequence[Who], waiting: timedelta) -> Who | None:
    queue = sorted(people, key=lambda each: each.role != 'member')
    return queue[min(max(waiting // PATIENCE, 0), len(queue) - 1)].name if queue else None
