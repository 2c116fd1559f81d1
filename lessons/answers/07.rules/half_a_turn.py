# wrong: `//` gives a whole number
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
    if incident_team != user_team:
        return "It is another team's incident."
    if status != "open":
        return f"It is {status}."
    return ""


def next_to_page(people: Sequence[Who], waiting: timedelta) -> Who | None:
    """Tell whose turn it is: members in their order, then leads; the last one stays."""
    order = sorted(people, key=lambda person: person.role == "lead")
    if not order:
        return None
    turn = max(0, waiting / PATIENCE)
    return order[min(turn, len(order) - 1)]
