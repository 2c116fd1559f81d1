"""How what is known of a drill is shown: the page, what clients got, the log, the timeline."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbook.base import paths
from workbook.display.card import Card
from workbook.display.table import Table
from workbook.drills.drill import Drill, Seen
from workbook.drills.timeline import Timeline, clock
from workbook.myapp import definitions

LEVELS = ("debug", "info", "warning", "error")
MOST = 40
"""How many rows are shown at most: of a log the last ones."""
KNOWN = {"at", "level", "request", "message", "error", "method", "path", "status", "ms"}
"""What has a column of its own."""


def page(drill: Drill, folder: Path) -> Card:
    """What whoever is on call is told, and where to look."""
    where = folder.relative_to(paths.work()).as_posix()
    files = f"The copy of the app is in {where}/: read it there, and mend it in the cell below."
    return Card(f"The page: {drill.name}", f"{' '.join(drill.page.split())}\n{files}")


def seen(found: Seen) -> Table:
    """What the clients sent and got, and whether they complain."""
    note = f"They complain: {found.complaint}" if found.complaint else "They do not complain."
    return Table(("request", "answer"), found.rows, note)


def rows(found: Sequence[Mapping[str, Any]]) -> Table:
    """Rows of a database, at most so many."""
    if not found:
        return Table((), (), "No rows.")
    note = f"{len(found) - MOST} more." if len(found) > MOST else ""
    return Table(list(found[0].keys()), [list(each.values()) for each in found[:MOST]], note)


def log(lines: Iterable[dict[str, Any]], level: str, in_order: bool) -> Table:
    """The lines from this level on, the last ones of many; in order, or as they came."""
    wanted = LEVELS[LEVELS.index(level.lower()) :]
    kept = [each for each in lines if str(each.get("level", "")).lower() in wanted]
    if in_order:
        kept.sort(key=lambda each: (each["message"], each.get("path", ""), each.get("status", 0)))
    note = f"{len(kept) - MOST} lines before these." if len(kept) > MOST else ""
    columns = ("level", "message", "request", "took", "more")
    return Table(columns, [_line(each) for each in kept[-MOST:]], note or _none(kept))


def _none(kept: Sequence[object]) -> str:
    return "" if kept else "The app has logged nothing of this level."


def _line(line: dict[str, Any]) -> tuple[str, ...]:
    request = f"{line['method']} {line['path']} {line['status']}" if "path" in line else ""
    took = f"≈ {line['ms']} ms" if "ms" in line else ""
    more = [f"{key}={value}" for key, value in line.items() if key not in KNOWN]
    more += [_last(str(line["error"]))] if "error" in line else []
    return line["level"], line["message"], request, took, ", ".join(more).partition("\n")[0]


def _last(error: str) -> str:
    """The line of a traceback that says which error it is."""
    said = [each for each in error.splitlines() if each and not each[0].isspace()]
    named = [each for each in said if ":" in each and "Traceback" not in each]
    return (named or said or [""])[-1]


def text_of(text: str, name: str) -> str:
    """A file, or those lines of it that define one name."""
    if not name:
        return text
    parts = [each.text for each in definitions.read(text).parts if name in each.names]
    return "\n".join(parts) or f"This file defines no {name}."


def done(events: Timeline) -> Table:
    """What was done, and when."""
    lines = [(clock(events.since_began(each)), each.what) for each in events.events]
    return Table(("after", "what"), lines, "" if lines else "This drill has not begun.")


def overview(timelines: Mapping[str, Timeline], solved: Iterable[str]) -> Table:
    """Each drill, and how long it took to the first look, to a quiet visit and to the fix."""
    known = set(solved)
    lines = [(name, *_state(each, name in known)) for name, each in timelines.items()]
    return Table(("drill", "state", "first evidence", "symptom gone", "fix"), lines)


def _state(known: Timeline, is_solved: bool) -> tuple[str, ...]:
    if not known.events:
        return "not begun", "", "", ""
    ends = (known.first_evidence(), known.symptom_gone(), known.fix())
    return "solved" if is_solved else "open", *map(clock, ends)
