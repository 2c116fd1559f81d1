"""What was done in a drill, and when: kept in `work/.workbook/drills/`, as long as progress is."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from workbook.base import paths
from workbook.workspace import files

Kind = Literal["began", "looked", "complaint", "quiet", "changed", "mended", "not yet", "right"]
LONGEST = 160
"""How many characters are kept of what was done."""


@dataclass(frozen=True)
class Event:
    """One thing that was done."""

    at: float
    """When, in seconds since the epoch."""
    kind: Kind
    what: str
    why: str = ""
    """Why the mend works that was found right."""


@dataclass(frozen=True)
class Timeline:
    """All of one drill, from its first page on."""

    events: tuple[Event, ...]

    def since_began(self, event: Event) -> float:
        """How many seconds after the page."""
        return event.at - self.events[0].at

    def first_evidence(self) -> float | None:
        """Seconds from the page to the first look at something; None where there was none."""
        return self._first("looked")

    def symptom_gone(self) -> float | None:
        """Seconds to the first time that the clients came and had nothing to complain of."""
        return self._first("quiet")

    def cause(self) -> str:
        """What was said of the last mend that was right; empty where there was none."""
        return next((each.why for each in reversed(self.events) if each.kind == "right"), "")

    def fix(self) -> float | None:
        """Seconds to the first check that was right."""
        return self._first("right")

    def _first(self, *kinds: Kind) -> float | None:
        found = (self.since_began(each) for each in self.events if each.kind in kinds)
        return next(found, None)


def read(name: str) -> Timeline:
    """What is known of a drill; empty where it never began, or where the file is damaged."""
    try:
        raw = json.loads(_path(name).read_text("utf-8"))
        return Timeline(tuple(Event(**each) for each in raw))
    except (FileNotFoundError, ValueError, TypeError):
        return Timeline(())


def note(name: str, kind: Kind, what: str, why: str = "") -> None:
    """Add an event, now; but a drill begins once, and nothing comes before that."""
    with files.locked("drills"):
        events = read(name).events
        if (kind == "began") == bool(events):
            return
        flat = " ".join(what.split())
        shown = flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1]}…"
        every = [asdict(each) for each in (*events, Event(time.time(), kind, shown, why))]
        files.write(_path(name), json.dumps(every, indent=1, ensure_ascii=False) + "\n")


def clock(seconds: float | None) -> str:
    """So many seconds, or minutes; it differs each time, and is marked so."""
    if seconds is None:
        return "not yet"
    return f"≈ {seconds:.0f} s" if seconds < 120 else f"≈ {seconds / 60:.0f} min"


def _path(name: str) -> Path:
    return paths.state() / "drills" / f"{name}.json"
