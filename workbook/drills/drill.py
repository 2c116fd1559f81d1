"""What a drill consists of."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook.drills.scene import Scene


@dataclass(frozen=True)
class Seen:
    """What clients sent and got, and what they say of it."""

    rows: tuple[tuple[str, str], ...]
    """Each request and its answer, in words that are the same in every run."""
    complaint: str = ""
    """Why this is not what was promised; empty where nobody complains."""


@dataclass(frozen=True)
class Drill:
    """A fault in the running app, and how it shows."""

    name: str
    """A code name, which says nothing of the cause."""
    page: str
    """What whoever is on call is told."""
    fault: str
    """Definitions of the app in their broken form, each under the mark of its file."""
    calls: "Callable[[Scene], Awaitable[Seen]]"
    """What the clients do that complain; it may be done again and again."""
    tests: tuple[str, ...]
    """Tests of the app that pass with the fault, and that a mended app has to pass."""
    rows_as_they_lie: bool = False
    """Whether it shows only where no index gives rows another order: then no plan uses one."""
