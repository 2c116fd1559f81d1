"""One lesson: a notebook, its solutions and its notes, as its author wrote them down."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HEADING = re.compile(r"^##+ (.+?)$", re.M)
SOLUTION = re.compile(
    r"^[ \t]*### BEGIN SOLUTION\n(?P<solution>.*?)^[ \t]*### END SOLUTION\n?"
    r"(?:^[ \t]*### STUB\n(?P<stub>(?:^[ \t]*#[^\n]*\n?)*))?",
    re.M | re.S,
)
SPEAKER = ("note", "ask", "demo")
"""Fences for whoever teaches the notebook."""
ABOUT_AN_EXERCISE = ("hint", "why", "try")
LEVELS = ("easy", "harder")
"""What practice is marked by; other exercises and questions have no level."""


@dataclass
class Fence:
    """A directive that is not part of the notebook's text."""

    kind: str
    about: str
    text: str
    section: str
    behind: str = ""
    """The id of the code cell that it stands behind; empty before the first one."""


@dataclass(frozen=True)
class Claim:
    """What a sentence of the lesson says of a cell's outcome, as Python can ask it."""

    sentence: str
    """Words of the lesson."""
    expression: str
    """True in the kernel, after the cell, where the sentence is true."""


@dataclass
class Cell:
    """One cell: its text, and what the lesson says of it."""

    kind: str
    text: str
    id: str
    options: dict[str, Any] = field(default_factory=dict)
    section: str = ""
    claims: list[Claim] = field(default_factory=list)
    """What the text says of it, by `{holds}`."""
    question: str = ""
    """The id of the question that one answers here; empty in every other cell."""
    told: str = ""
    """What who answers that rightly is told."""

    def solved(self) -> str:
        """The cell as the solution has it."""
        return SOLUTION.sub(lambda m: m["solution"], self.text + "\n").rstrip()

    def stubbed(self) -> str:
        """The cell as the learner gets it."""
        return SOLUTION.sub(_stub, self.text + "\n").rstrip()

    def is_typed(self) -> bool:
        """Whether the learner writes something here: an exercise, or a line of one's own."""
        return self.kind == "code" and self.solved() != self.stubbed()


@dataclass
class Lesson:
    """One lesson, read."""

    path: Path
    cells: list[Cell]
    fences: list[Fence]

    @property
    def number(self) -> str:
        """Two digits."""
        return self.path.stem[:2]

    @property
    def title(self) -> str:
        """The first heading, without its number."""
        found = re.search(r"^# (?:\d\d · )?(.+)$", self.cells[0].text, re.M)
        return found[1] if found else self.path.stem

    @property
    def exercises(self) -> list[Cell]:
        """The cells in which the learner writes."""
        return [cell for cell in self.cells if "exercise" in cell.options]

    @property
    def beyond(self) -> list[Cell]:
        """Those of them that are practice."""
        return [cell for cell in self.exercises if "level" in cell.options]

    def about(self, kind: str, exercise_id: str) -> list[str]:
        """The texts of these fences for one exercise."""
        return [f.text for f in self.fences if f.kind == kind and f.about == exercise_id]


def _stub(match: re.Match[str]) -> str:
    bare = re.sub(r"^[ \t]*#$", "", match["stub"] or "", flags=re.M)
    stub = re.sub(r"^([ \t]*)# ?", r"\1", bare, flags=re.M)
    return re.sub(r"^([ \t]*(?:\w+ = )?\.\.\.)$", r"\1  # your code here", stub, flags=re.M)
