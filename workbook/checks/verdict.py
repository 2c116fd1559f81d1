"""What a check answers: a verdict in words, which also displays well in JupyterLab."""

from dataclasses import dataclass
from html import escape
from typing import Literal

Kind = Literal["not attempted", "not yet", "right", "cannot check"]

COLOURS: dict[Kind, str] = {
    "not attempted": "#8c8c8c",
    "not yet": "#b35900",
    "right": "#1a7f37",
    "cannot check": "#8250df",
}


class NotYet(Exception):
    """A checker's way to say what is missing: called, got, wanted, and the question to ask."""

    def __init__(self, called: str, got: str, wanted: str, ask: str) -> None:
        super().__init__(f"{called} {got} {wanted} {ask}")
        self.lines = {
            "You called": called,
            "What happened": got,
            "What was wanted": wanted,
            "Ask yourself": ask,
        }


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
        rows = "".join(
            f"<tr><th style='text-align:left;vertical-align:top;white-space:nowrap'>"
            f"{escape(label)}</th><td style='text-align:left;white-space:pre-wrap'>"
            f"{escape(text)}</td></tr>"
            for label, text in self.lines
        )
        return (
            f"<div style='border-left:4px solid {COLOURS[self.kind]};padding-left:12px'>"
            f"<strong>{self.kind.upper()}</strong> · {escape(self.exercise)} "
            f"{escape(self.title)}<table>{rows}</table></div>"
        )
