"""The way back: before the workbook replaces a file of the learner's, it keeps the file here."""

import json
import re
import shutil
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from workbook.base import paths
from workbook.base.problem import Problem
from workbook.base.whole import whole_folder
from workbook.workspace import files, progress

KEPT = 200
"""How many entries stay; the oldest go first."""


UNDO = "undo"
CATCH_UP = "catch-up-"
"""How the action of a catch-up begins; the notebook's number follows."""
UNDONE_MARKER = "undone"
"""A file in an entry that `undo` has gone back to."""
UNDO_TARGET = "of"
"""A file in the entry of an undo: the name of the entry that it went back to."""


class NothingToUndo(Problem):
    """There is no entry to go back to."""


@dataclass(frozen=True)
class Entry:
    """The state of some files at one moment."""

    folder: Path
    action: str
    """What was about to happen: `reset-02`."""
    when: str
    existed: tuple[str, ...]
    """Files below `work/` that were there; their copies are in the entry."""
    absent: tuple[str, ...]
    """Files below `work/` that were not there."""
    progress: dict[str, progress.Progress | None]

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that this entry speaks about."""
        return self.existed + self.absent


def set_aside(
    relative: Iterable[str | Path],
    action: str,
    exercises: Iterable[str] = (),
    even_absent: bool = False,
) -> Path | None:
    """Keep these files of `work/`; the entry's folder, or None where there was nothing to keep.

    With `even_absent` it is kept too that none of them was there: `undo` takes away what comes.
    """
    names = tuple(dict.fromkeys(_inside(each) for each in relative))
    now = {name: files.read(paths.work() / name) for name in names}
    newest = next((each for each in entries() if not _undone(each)), None)
    if not (even_absent or any(text is not None for text in now.values())):
        return None
    if newest and newest.action == action and _holds(newest, now):
        return None
    return _keep(now, action, exercises)


def entries() -> list[Entry]:
    """Every entry, newest first; what is not an entry is passed over."""
    found = sorted(_home().glob("[0-9]*-*"), key=_number, reverse=True)
    return [entry for entry in map(_read, found) if entry]


def undo() -> Entry:
    """Put back what the newest change replaced that is not undone yet; again: the one before it."""
    newest = next_to_undo()
    if newest is None:
        raise NothingToUndo("There is nothing to undo: the workbook has replaced no file since.")
    kept = _go_to(newest, UNDO)
    files.write(kept / UNDO_TARGET, newest.folder.name)
    (newest.folder / UNDONE_MARKER).touch()
    return newest


def redo() -> Entry:
    """Take the last undo back; only as long as nothing else has changed since."""
    newest = next((each for each in entries() if not _undone(each)), None)
    if newest is None or newest.action != UNDO:
        raise NothingToUndo("There is nothing to redo: the last change was no undo.")
    _restore(newest)
    (_home() / (newest.folder / UNDO_TARGET).read_text("utf-8") / UNDONE_MARKER).unlink(
        missing_ok=True
    )
    shutil.rmtree(newest.folder)
    return newest


def next_to_undo() -> Entry | None:
    """What the next `undo` goes back to; None where there is nothing."""
    return next((each for each in entries() if each.action != UNDO and not _undone(each)), None)


def caught_up_to() -> str:
    """The notebook of the newest catch-up that is not undone, two digits; empty without one."""
    reached = (each.action for each in entries() if not _undone(each))
    return next((each.removeprefix(CATCH_UP) for each in reached if each.startswith(CATCH_UP)), "")


def _go_to(entry: Entry, action: str) -> Path:
    now = {name: files.read(paths.work() / name) for name in entry.paths}
    kept = _keep(now, action, entry.progress)
    try:
        _restore(entry)
    except OSError:
        shutil.rmtree(kept)
        raise
    return kept


def _restore(entry: Entry) -> None:
    for name in entry.existed:
        files.write(paths.work() / name, (entry.folder / "files" / name).read_bytes())
    for name in entry.absent:
        (paths.work() / name).unlink(missing_ok=True)
    progress.restore(entry.progress)


def _undone(entry: Entry) -> bool:
    return (entry.folder / UNDONE_MARKER).exists()


def _inside(relative: str | Path) -> str:
    """The path below `work/`, in one spelling; nothing outside is ever touched."""
    full = (paths.work() / relative).absolute()
    if ".." in full.parts or not full.is_relative_to(paths.work()):
        raise ValueError(f"{relative} is not inside {paths.work()}.")
    return full.relative_to(paths.work()).as_posix()


def _keep(now: dict[str, bytes | None], action: str, exercises: Iterable[str]) -> Path:
    """Write an entry with the next number; the oldest ones go."""
    with files.locked("history"):
        _home().mkdir(parents=True, exist_ok=True)
        entry = _next_entry(action)
        with whole_folder(entry, lasting=True) as made:
            for name, content in now.items():
                if content is not None:
                    files.write(made / "files" / name, content)
            files.write(made / "manifest.json", _manifest(now, action, exercises))
        for old in sorted(_home().glob("[0-9]*-*"), key=_number)[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    return entry


def _next_entry(action: str) -> Path:
    number = max(map(_number, _home().glob("[0-9]*-*")), default=0) + 1
    slug = re.sub(r"[^\w.-]+", "-", action).strip("-") or "change"
    return _home() / f"{number:04}-{slug}"


def _manifest(now: dict[str, bytes | None], action: str, exercises: Iterable[str]) -> str:
    known = progress.of(exercises)
    manifest = {
        "action": action,
        "when": time.strftime("%Y-%m-%d %H:%M:%S"),
        "existed": [name for name, content in now.items() if content is not None],
        "absent": [name for name, content in now.items() if content is None],
        "progress": {each: asdict(one) if one else None for each, one in known.items()},
    }
    return json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"


def _read(folder: Path) -> Entry | None:
    try:
        raw = json.loads((folder / "manifest.json").read_text("utf-8"))
        known = {each: one for each, one in raw["progress"].items() if one is not None}
        return Entry(
            folder=folder,
            action=str(raw["action"]),
            when=str(raw["when"]),
            existed=tuple(map(_inside, raw["existed"])),
            absent=tuple(map(_inside, raw["absent"])),
            progress={**dict.fromkeys(raw["progress"]), **progress.parse(known)},
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _holds(entry: Entry, now: dict[str, bytes | None]) -> bool:
    """Whether the entry holds these files in this very state."""
    kept = {name: files.read(entry.folder / "files" / name) for name in entry.existed}
    return {**kept, **dict.fromkeys(entry.absent)} == now


def _number(folder: Path) -> int:
    return int(re.match(r"\d*", folder.name).group() or 0)  # type: ignore[union-attr]


def _home() -> Path:
    return paths.state() / "history"
