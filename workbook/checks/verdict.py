"""What a check answers: a verdict in words, which also displays well in JupyterLab."""

from dataclasses import dataclass
from typing import Literal, Self

from workbook.display import labelled

Kind = Literal["not attempted", "not yet", "right", "cannot check"]

COLOURS: dict[Kind, str] = {
    "not attempted": labelled.PLAIN,
    "not yet": labelled.WARN,
    "right": labelled.GOOD,
    "cannot check": labelled.BROKEN,
}
YOURS, OF_THE_APP = "You wrote", "In the app"
"""The labels of a line: one of the answer's own file, and one of another file of the app."""
CODE = ("You called", YOURS, OF_THE_APP, "Stuck?", "Traceback")
"""The labels of lines that are code, or begin with it."""


class NotYet(Exception):
    """A checker's way to say what is missing: called, got, wanted, and the question to ask.

    A question belongs to one mistake: where several may have led here there is none, and `ask` is
    left out.
    """

    def __init__(
        self, called: str, *, got: str, wanted: str, ask: str = "", label: str = "You called"
    ) -> None:
        super().__init__(f"{called} {got} {wanted} {ask}")
        every = {label: called, "What happened": got, "What was wanted": wanted}
        self.lines = every | ({"Ask yourself": ask} if ask else {})

    @classmethod
    def looked_at(cls, what: str, *, got: str, wanted: str, ask: str = "") -> Self:
        """The same about something that nobody calls: a file, a column, the rows, a state."""
        return cls(what, got=got, wanted=wanted, ask=ask, label="What was looked at")


class CannotJudge(Exception):
    """The checker itself came to its end: says why in a sentence, and no answer is counted."""


@dataclass(frozen=True)
class Reason:
    """What a checker may return of a right answer that is right in another way than the reference.

    What is empty here stands in the lesson.
    """

    why: str = ""
    """Why this answer works, in place of why the reference does."""
    try_next: str = ""
    """What to try now, where the answer does already what the lesson proposes."""


@dataclass(frozen=True)
class Verdict:
    """The answer of one check; its repr is the feedback."""

    kind: Kind
    exercise: str
    title: str
    lines: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        """True when the answer is right."""
        return self.kind == "right"

    def __repr__(self) -> str:
        """Plain text: the verdict, then one labelled line for each thing to know."""
        return labelled.text(f"{self.kind.upper()} · {self.exercise} {self.title}", self.lines)

    def _repr_html_(self) -> str:
        about = f"{self.exercise} {self.title}"
        return labelled.html(COLOURS[self.kind], self.kind.upper(), about, self.lines, CODE)
