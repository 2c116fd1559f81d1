"""Nightwatch's rules, as functions of values: no database, no clock of their own."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol, TypeVar

PATIENCE = timedelta(minutes=5)


class Responder(Protocol):
    """Whoever can be paged."""

    @property
    def role(self) -> str:
        """`member` or `lead`."""


Who = TypeVar("Who", bound=Responder)


def refusal(status: str, incident_team: int, user_team: int) -> str:
    """Say why an incident may not be acknowledged, or nothing."""
    if user_team != incident_team:
        return "Only its own team takes an incident."
    return "" if status == "open" else f"The incident is {status} already."


def next_to_page(people: Sequence[Who], waiting: timedelta) -> Who | None:
    """Tell whose turn it is: members in their order, then leads; the last one stays."""
    queue = sorted(people, key=lambda each: each.role != "member")
    turn = max(waiting // PATIENCE, 0)
    return queue[min(turn, len(queue) - 1)] if queue else None
