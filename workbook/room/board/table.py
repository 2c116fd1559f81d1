"""The board as a table for a spreadsheet: a row for each person and exercise."""

import csv
import io
import time
from collections.abc import Iterable

from workbook.room.board.people import Person, Seen

HEAD = ("name", "exercise", "verdict", "solved", "attempts", "hints", "begun", "changed")
FORMULA = ("=", "+", "-", "@")
"""A cell that begins so is calculated by a spreadsheet, whoever wrote it."""


def csv_text(people: Iterable[Person]) -> str:
    """CSV with a head; moments in ISO 8601, in the zone of this machine."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(HEAD)
    for person in people:
        for exercise, seen in sorted(person.exercises.items()):
            lines.writerow(_row(person.name, exercise, seen))
    return out.getvalue()


def _row(name: str, exercise: str, seen: Seen) -> tuple[str | int, ...]:
    safe = f"'{name}" if name.startswith(FORMULA) else name
    known = seen.standing
    solved = "yes" if known.solved else "no"
    counts = known.attempts, known.hints
    return safe, exercise, known.verdict, solved, *counts, _iso(seen.begun), _iso(seen.changed)


def _iso(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(moment))
