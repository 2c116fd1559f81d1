"""The order of a lesson: which heading each of its pieces stands under, and what is *deeper*.

A block that begins with a heading `Deeper…` (`### Deeper: why one clock`) ends before the next
heading of its own or a higher level. It can be left out, and so can `## Practice`: everything else
is the core path.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbook.authoring.lesson import Cell, Lesson

HEADING = re.compile(r"^(#{2,4}) (.+?)[ ]*$", re.M)
DEEPER = re.compile(r"(Deeper|Practice)\b")
PRACTICE = "Practice"
"""The section of exercises and questions beyond those of the notebook."""
FENCED = re.compile(r"^(`{3,}|~~~)[^\n]*\n.*?^\1[ ]*$", re.M | re.S)


@dataclass(frozen=True)
class Piece:
    """A code cell, or the text of a Markdown cell as far as one heading reaches."""

    section: str
    """The heading of the second level that it stands under; empty before the first."""
    deeper: str
    """The heading of the block that it belongs to and that can be left out, or an empty string."""
    cell: Cell
    text: str

    @property
    def is_practice(self) -> bool:
        """Whether it stands in the section of practice."""
        return self.deeper == PRACTICE


def pieces(lesson: Lesson) -> Iterator[Piece]:
    """The lesson in order."""
    return pieces_of(lesson.cells)


def pieces_of(cells: Iterable[Cell]) -> Iterator[Piece]:
    """Cells in order, each with the headings that it stands under."""
    section, deeper, level = "", "", 0
    for cell in cells:
        parts = split(cell.text) if cell.kind == "markdown" else [("", "", cell.text)]
        for marks, heading, text in parts:
            if marks:
                section = heading if len(marks) == 2 else section
                if not deeper or len(marks) <= level:
                    deeper = heading if DEEPER.match(heading) else ""
                    level = len(marks)
            yield Piece(section, deeper, cell, text)


def split(text: str) -> list[tuple[str, str, str]]:
    """A Markdown text cut before each heading: its marks, the heading, the text with it."""
    fenced = [range(*found.span()) for found in FENCED.finditer(text)]
    found = [each for each in HEADING.finditer(text) if not _within(each.start(), fenced)]
    starts = [each.start() for each in found]
    cuts = zip([0, *starts], [*starts, len(text)], strict=True)
    names = [("", ""), *((each[1], each[2]) for each in found)]
    made = [(*name, text[a:b]) for name, (a, b) in zip(names, cuts, strict=True)]
    return [each for each in made if each[2].strip()]


def _within(place: int, ranges: list[range]) -> bool:
    return any(place in each for each in ranges)


def prose(text: str) -> str:
    """A Markdown text without its fenced blocks, and without the error dictionary's new entries."""
    read = re.sub(r"\*\*New in the error.*?(?=^Read on|\Z)", "", text, flags=re.M | re.S)
    return FENCED.sub("", read)
