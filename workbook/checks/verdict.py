"""What a check answers: a verdict in words, which also displays well in JupyterLab."""

from dataclasses import dataclass
from html import escape
from typing import Literal, Self

from workbook.display.table import MONOSPACE, NO_MATH, prose

Kind = Literal["not attempted", "not yet", "right", "cannot check"]

COLOURS: dict[Kind, str] = {
    "not attempted": "var(--jp-border-color0,#8c8c8c)",
    "not yet": "var(--jp-warn-color1,#b35900)",
    "right": "var(--jp-success-color1,#1a7f37)",
    "cannot check": "var(--jp-error-color1,#8250df)",
}
CODE = ("You called", "You wrote", "Stuck?", "Traceback")
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
        width = max((len(label) for label, _ in self.lines), default=0)
        head = f"{self.kind.upper()} · {self.exercise} {self.title}"
        return "\n".join([head, *(f"  {label:<{width}}  {text}" for label, text in self.lines)])

    def _repr_html_(self) -> str:
        return (
            f"<div {NO_MATH} style='border-left:4px solid {COLOURS[self.kind]};padding-left:12px'>"
            f"<strong>{self.kind.upper()}</strong> · {escape(self.exercise)} {escape(self.title)}"
            f"<table>{''.join(_row(label, text) for label, text in self.lines)}</table></div>"
        )


def _row(label: str, text: str) -> str:
    """One line; a background of its own, or every second one is striped and a pointer paints it."""
    both = "text-align:left;vertical-align:top"
    font = f";{MONOSPACE}" if label in CODE else ""
    return (
        "<tr style='background:transparent'>"
        f"<th style='{both};white-space:nowrap'>{escape(label)}</th>"
        f"<td style='{both};white-space:pre-wrap{font}'>{prose(text)}</td></tr>"
    )
