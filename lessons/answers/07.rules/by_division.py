# right: two lists, and a division
def refusal(status: str, incident_team: int, user_team: int) -> str:
    if user_team != incident_team:
        return "Only its own team takes an incident."
    return "" if status == "open" else f"The incident is {status} already."


def next_to_page(people: Sequence[Who], waiting: timedelta) -> Who | None:
    queue = [p for p in people if p.role == 'member'] + [p for p in people if p.role != 'member']
    if not queue: return None
    return queue[max(0, min(int(waiting / PATIENCE), len(queue) - 1))]
