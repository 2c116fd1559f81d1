# wrong: how many turns are over then, and who stays after the last?
def refusal(status: str, incident_team: int, user_team: int) -> str:
    if user_team != incident_team:
        return "Only its own team takes an incident."
    return "" if status == "open" else f"The incident is {status} already."


def next_to_page(people: Sequence[Who], waiting: timedelta) -> Who | None:
    queue = sorted(people, key=lambda each: each.role != 'member')
    turn = waiting // PATIENCE
    if turn < len(queue):
        return queue[max(turn, 0)]
