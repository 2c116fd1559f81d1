"""A titled piece of text: a hint, a solution, what an error means."""

from dataclasses import dataclass
from html import escape

from workbook.display.table import NO_MATH, prose


@dataclass(frozen=True)
class Card:
    """Title, text, and perhaps code; its repr is plain text."""

    title: str
    text: str
    code: str = ""

    def __repr__(self) -> str:
        """Title, text, and the code if there is some."""
        return "\n".join(filter(None, [self.title, self.text, self.code]))

    def _repr_html_(self) -> str:
        code = f"<pre>{escape(self.code)}</pre>" if self.code else ""
        border = "border-left:4px solid var(--jp-info-color1,#0969da)"
        paragraphs = "".join(f"<p>{prose(line)}</p>" for line in self.text.splitlines())
        return (
            f"<div {NO_MATH} style='{border};padding-left:12px'>"
            f"<strong>{escape(self.title)}</strong>{paragraphs}{code}</div>"
        )


@dataclass(frozen=True)
class Cards:
    """Several cards, one below the other."""

    cards: tuple[Card, ...]

    def __repr__(self) -> str:
        """Each of them, with an empty line between two."""
        return "\n\n".join(map(repr, self.cards))

    def _repr_html_(self) -> str:
        return "<br>".join(each._repr_html_() for each in self.cards)
