"""The rules, on values: no database, no app, no waiting."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from app import rules


@dataclass(frozen=True)
class Person:
    """Whoever can be paged, as the rules see it."""

    name: str
    role: str


@dataclass(frozen=True)
class Outage:
    """An incident, as the rules see it."""

    status: str
    severity: str


ADA, BEN, LEA = Person("Ada", "member"), Person("Ben", "member"), Person("Lea", "lead")


def test_the_own_team_takes_an_open_incident() -> None:
    """No reason is a permission."""
    assert rules.refusal("open", incident_team=1, user_team=1) == ""


@pytest.mark.parametrize("status", ["acknowledged", "resolved"])
def test_what_is_taken_is_not_taken_again(status: str) -> None:
    """The reason says what the incident is."""
    assert status in rules.refusal(status, incident_team=1, user_team=1)


def test_another_team_takes_nothing() -> None:
    """Also while the incident is open."""
    assert rules.refusal("open", incident_team=1, user_team=2)


@pytest.mark.parametrize(("minutes", "who"), [(0, ADA), (4.9, ADA), (5, BEN), (10, LEA), (99, LEA)])
def test_every_five_minutes_the_next_one_is_paged(minutes: float, who: Person) -> None:
    """Members first, in their order, then leads; the last one stays."""
    assert rules.next_to_page([LEA, ADA, BEN], timedelta(minutes=minutes)) == who


def test_the_status_says_who_is_paged() -> None:
    """Whoever took it, or whose turn it is where nobody did; nobody for what is resolved."""
    states = ("open", "acknowledged", "resolved")
    paged = [rules.to_page(each, LEA, [ADA, BEN], timedelta(minutes=6)) for each in states]
    assert paged == [BEN, LEA, None]
    assert rules.to_page("acknowledged", None, [ADA, BEN], timedelta(minutes=6)) == BEN


def test_a_repetition_opens_what_is_over_and_raises_what_is_worse() -> None:
    """And changes nothing else; an alert without an incident opens one."""
    states = ("open", "acknowledged", "resolved")
    for severity, does in (("critical", "raised"), ("major", "repeated"), ("minor", "repeated")):
        effects = [rules.effect(Outage(each, "major"), severity) for each in states]
        assert effects == [does, does, "opened"]
    assert rules.effect(None, "minor") == "opened"


def test_nobody_is_paged_in_an_empty_team() -> None:
    """And nothing breaks."""
    assert rules.next_to_page([], timedelta(0)) is None
