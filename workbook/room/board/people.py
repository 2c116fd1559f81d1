"""Whom a board knows, and the rules by which a report changes that."""

from collections.abc import Iterable

from pydantic import BaseModel, Field

from workbook.room.wire.report import Standing, by_exercise


class Seen(BaseModel):
    """Where a person's exercise stands, and since when the board knows it."""

    standing: Standing
    begun: float
    """When the board first heard of it, in seconds since 1970."""
    changed: float
    """When it heard something new of it."""

    @property
    def is_open(self) -> bool:
        """Whether the person has tried, and it was never right."""
        return self.standing.attempts > 0 and not self.standing.solved


class Person(BaseModel):
    """A learner, as the laptop says."""

    number: int
    """The order in which they came, from 1 on."""
    laptop: str
    """The SHA-256 of the random number that speaks for this person."""
    wanted: str
    """The name that was asked for."""
    name: str
    """The name that it has here: another one has it no more."""
    network: str
    """The address it came from first: of IPv6 the network of 64 bits."""
    joined: float
    heard: float
    """When its last report came, in seconds since 1970."""
    exercises: dict[str, Seen] = Field(default_factory=dict)

    def take(self, standings: Iterable[Standing], now: float) -> bool:
        """Replace what is known of the exercises; whether anything is new."""
        new = {
            exercise: _seen(self.exercises.get(exercise), standing, now)
            for exercise, standing in by_exercise(standings).items()
        }
        is_new = new != self.exercises
        self.exercises, self.heard = new, now
        return is_new

    @property
    def at(self) -> str | None:
        """The exercise that changed last; of several the last one."""
        if not self.exercises:
            return None
        return max(self.exercises, key=lambda each: (self.exercises[each].changed, each))

    @property
    def trying_since(self) -> float | None:
        """When the board first heard of the exercise that this person tries; None if none."""
        at = self.exercises[self.at] if self.at else None
        return at.begun if at and at.is_open else None


def _seen(old: Seen | None, standing: Standing, now: float) -> Seen:
    if old is None:
        return Seen(standing=standing, begun=now, changed=now)
    if old.standing == standing:
        return old
    return Seen(standing=standing, begun=old.begun, changed=now)


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """This name, or the first of `ana-2`, `ana-3`, … that nobody has; capitals do not count."""
    used = {each.casefold() for each in taken}
    name, number = wanted, 1
    while name.casefold() in used:
        number += 1
        name = f"{wanted}-{number}"
    return name


def longest_first(people: Iterable[Person], now: float) -> list[Person]:
    """Those who try longest first; then by name."""
    return sorted(people, key=lambda each: (each.trying_since or now, each.name.casefold()))
