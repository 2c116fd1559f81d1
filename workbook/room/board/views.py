"""What the pages show of a board: all of it for whoever teaches, and counts without names."""

import time
from collections.abc import Iterable

from pydantic import BaseModel

from workbook import material
from workbook.room.board.people import Person, longest_first
from workbook.room.wire.report import Standing

AWAY_SECONDS = 60.0
"""After this time without a report a laptop is away: it reports every 15 seconds."""


class ExerciseRow(BaseModel):
    """One exercise, and how many people are where in it."""

    id: str
    title: str
    right: int
    """How many had it right once."""
    trying: int
    """How many have tried, and never had it right."""
    hinted: int
    """How many of those have taken a hint."""
    here: int
    """For how many it is the one that changed last."""


class PersonRow(BaseModel):
    """One person, as only whoever teaches sees it."""

    name: str
    at: str
    """The exercise that changed last, or nothing."""
    trying_seconds: float | None
    """How long the board has known of the exercise that the person tries; None if none is tried."""
    heard_seconds: float
    """How long ago its laptop reported."""
    solved: int
    exercises: dict[str, Standing]


class BoardView(BaseModel):
    """The board: exercise × people, who tries longest first."""

    exercises: list[ExerciseRow]
    people: list[PersonRow]


class WallView(BaseModel):
    """What may be projected: counts, and no name."""

    people: int
    """How many have joined, and are still heard from."""
    exercises: list[ExerciseRow]
    """Those that somebody has touched."""


def board(people: Iterable[Person], now: float | None = None) -> BoardView:
    """All that is known of these people; exercises in the order of the notebooks."""
    moment = time.time() if now is None else now
    every = list(people)
    rows = [_person(each, moment) for each in longest_first(every, moment)]
    return BoardView(exercises=exercises(every), people=rows)


def wall(people: Iterable[Person], now: float | None = None) -> WallView:
    """Counts of the same."""
    moment = time.time() if now is None else now
    every = list(people)
    here = sum(moment - each.heard < AWAY_SECONDS for each in every)
    touched = {exercise for each in every for exercise in each.exercises}
    return WallView(people=here, exercises=[e for e in exercises(every) if e.id in touched])


def exercises(people: Iterable[Person]) -> list[ExerciseRow]:
    """Every exercise of the workbook, with its counts."""
    every = list(people)
    known = [each for notebook in material.notebooks() for each in notebook.exercises]
    return [_exercise(each, every) for each in known]


def _exercise(exercise: material.Exercise, people: list[Person]) -> ExerciseRow:
    seen = [each.exercises[exercise.id] for each in people if exercise.id in each.exercises]
    trying = [each for each in seen if each.is_open]
    return ExerciseRow(
        id=exercise.id,
        title=exercise.title,
        right=sum(each.standing.solved for each in seen),
        trying=len(trying),
        hinted=sum(each.standing.hints > 0 for each in trying),
        here=sum(each.at == exercise.id for each in people),
    )


def _person(person: Person, now: float) -> PersonRow:
    since = person.trying_since
    standings = {exercise: each.standing for exercise, each in person.exercises.items()}
    return PersonRow(
        name=person.name,
        at=person.at or "",
        trying_seconds=None if since is None else now - since,
        heard_seconds=now - person.heard,
        solved=sum(each.solved for each in standings.values()),
        exercises=standings,
    )
