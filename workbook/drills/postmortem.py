"""A post-mortem of one page: what is known of a drill, and what only whoever was there can say."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from workbook.base import paths
from workbook.base.problem import Problem
from workbook.drills import timeline
from workbook.drills.drill import Drill
from workbook.drills.timeline import Event, Timeline
from workbook.workspace import files

MOST = 25
"""How many lines of the timeline a page has room for."""
PAGE = """# {title}: a post-mortem without blame

*{day} (UTC). What was known at each moment decides, not what is known now; people are named for
what they saw, not for what they should have seen.*

## What happened

{page}

## What it meant for people

{complaint}

*Who noticed it, how many were hit, and for how long? What is still wrong in the data?*

## Times

| from the page to | after |
|---|---|
| the first look at something | {evidence} |
| the symptom gone: the clients came, and had nothing to complain of | {gone} |
| the fix: mended, nothing else broken, a test beside it | {fix} |

## Timeline

| at | after | what |
|---|---|---|
{events}

## Cause

{cause}

*Which condition had to come together with it, so that it showed tonight and not before?*

## What helped, and what did not

*Which look told most? Which took time and told nothing? What did you believe before you knew?*

## What we change

| what | who | until |
|---|---|---|
| the test `tests/test_{name}.py`, which fails on the app of that night | | {test} |
| *what would have told us before a client did?* | | |
| *what makes the next mistake of this kind impossible, or cheap?* | | |
"""
OPEN = "*Not proved yet. What do you hold it to be, and what would show that you are wrong?*"


def write(drill: Drill, cause: str) -> tuple[Path, str]:
    """Write the page; where it lies, and a sentence where an edited one was left alone.

    `cause` is what is said of a drill that is solved; empty before. Problem where it never began.
    """
    known = timeline.read(drill.name)
    if not known.events:
        raise Problem(f"There is nothing to tell yet. Begin: await lab.drill({drill.name!r})")
    folder, text = paths.work() / "postmortems", _text(drill, known, cause)
    path, number = folder / f"{drill.name}.md", 1
    while _is_edited(path):
        number += 1
        path = folder / f"{drill.name}-{number}.md"
    files.write(path, text)
    _remember(path, text)
    kept = f"You have edited {drill.name}.md: it stays as it is." if number > 1 else ""
    return path, kept


def _text(drill: Drill, known: Timeline, cause: str) -> str:
    began = datetime.fromtimestamp(known.events[0].at, UTC)
    complaints = [each.what for each in known.events if each.kind == "complaint"]
    return PAGE.format(
        title=drill.name.capitalize(),
        name=drill.name,
        day=f"{began:%d %B %Y}",
        page=" ".join(drill.page.split()),
        complaint=complaints[0] if complaints else "*What did people see?*",
        evidence=_said(known.first_evidence()),
        gone=_said(known.symptom_gone()),
        fix=_said(known.fix()),
        events="\n".join(_row(known, each) for each in _most_telling(known)),
        cause=cause or OPEN,
        test="done" if cause else "",
    )


def _most_telling(known: Timeline) -> list[Event]:
    """All events where they fit; else the first and the last looks give way."""
    events = list(known.events)
    looks = [each for each in events if each.kind == "looked"]
    for each in looks[1:-1]:
        if len(events) <= MOST:
            break
        events.remove(each)
    return events


def _row(known: Timeline, event: Event) -> str:
    at = datetime.fromtimestamp(event.at, UTC)
    what = event.what.replace("|", "\\|")
    return f"| {at:%H:%M:%S} | {_said(known.since_began(event))} | {what} |"


def _said(seconds: float | None) -> str:
    return timeline.clock(seconds).removeprefix("≈ ")


def _is_edited(path: Path) -> bool:
    text = files.read(path)
    return text is not None and _digests().get(path.name) != hashlib.sha256(text).hexdigest()


def _remember(path: Path, text: str) -> None:
    every = _digests() | {path.name: hashlib.sha256(text.encode()).hexdigest()}
    files.write(_kept(), json.dumps(every, indent=1))


def _digests() -> dict[str, str]:
    raw = files.read(_kept())
    try:
        return dict(json.loads(raw or b"{}"))
    except ValueError:
        return {}


def _kept() -> Path:
    return paths.state() / "drills" / "postmortems.json"
