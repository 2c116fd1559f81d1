# right: a function that is given one of its values beforehand, such as a sentence in another language
"""Nightwatch's rules, as functions of values: no database, no clock of their own."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Literal, Protocol, TypeAlias, TypeVar

PATIENCE = timedelta(minutes=5)
SEVERITIES = ("minor", "major", "critical")
Effect: TypeAlias = Literal["opened", "raised", "repeated"]


class Responder(Protocol):
    """Whoever can be paged."""

    @property
    def role(self) -> str:
        """`member` or `lead`."""


class Reported(Protocol):
    """What a monitor has reported."""

    @property
    def status(self) -> str:
        """`open`, `acknowledged` or `resolved`."""

    @property
    def severity(self) -> str:
        """One of SEVERITIES."""


Who = TypeVar("Who", bound=Responder)


def _refused(other_team: str, status: str, incident_team: int, user_team: int) -> str:
    """Say why an incident may not be acknowledged, or nothing."""
    if status != "open":
        return f"The incident is {status} already."
    if incident_team != user_team:
        return other_team
    return ""


refusal = partial(_refused, "Only the incident's own team may take it.")


def next_to_page(people: Sequence[Who], waiting: timedelta) -> Who | None:
    """Tell whose turn it is: members in their order, then leads; the last one stays."""
    if not people:
        return None
    queue = sorted(people, key=lambda who: who.role == "lead")
    turn = max(0, waiting // PATIENCE)
    return queue[min(turn, len(queue) - 1)]


def to_page(
    status: str, taker: Who | None, people: Sequence[Who], waiting: timedelta
) -> Who | None:
    """Tell who is paged: whoever took it, else whose turn it is; nobody for what is resolved."""
    if status == "acknowledged" and taker is not None:
        return taker
    return None if status == "resolved" else next_to_page(people, waiting)


def effect(incident: Reported | None, severity: str) -> Effect:
    """Say what a repeated alert of this severity does to its incident."""
    if incident is None or incident.status == "resolved":
        return "opened"
    worse = SEVERITIES.index(severity) > SEVERITIES.index(incident.severity)
    return "raised" if worse else "repeated"
