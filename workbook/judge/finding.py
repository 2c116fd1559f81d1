"""What came of one row of the judgement."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbook.display.table import Table

HELD, MISSED, NOT_ASKED = "yes", "NO", "not asked"


@dataclass(frozen=True)
class Finding:
    """What was seen, and what to do where it is not what was asked for."""

    seen: str
    next: str = ""
    asked: bool = True
    """Whether it could be asked at all."""

    @property
    def held(self) -> str:
        """In a word."""
        if not self.asked:
            return NOT_ASKED
        return MISSED if self.next else HELD


class Judgement(Table):
    """The rows, which display as a table; true where all that was asked for was seen."""

    def __bool__(self) -> bool:
        """Whether every row held."""
        return all(row[1] == HELD for row in self.rows)


def table(found: Sequence[tuple[str, Finding]]) -> Judgement:
    """The judgement: what was asked, whether it held, what was seen, what to do next."""
    rows = [(asked, each.held, each.seen, each.next) for asked, each in found]
    held = sum(row[1] == HELD for row in rows)
    return Judgement(("asked", "held?", "seen", "next"), rows, f"{held} of {len(rows)} held.")
