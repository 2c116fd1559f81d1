"""The app of a drill as texts: as it was, as it is that night, and as it is mended."""

from collections.abc import Mapping
from pathlib import Path

from workbook.drills.drill import Drill
from workbook.myapp import sections
from workbook.myapp.app import write_files

Texts = dict[str, str]
"""Path below the folder of the app → text."""


def broken(app: Mapping[str, str], drill: Drill) -> Texts:
    """This app with the fault in it."""
    return sections.put(app, drill.fault)


def mended(app: Mapping[str, str], drill: Drill, cell: str) -> Texts:
    """The broken app with what a cell puts into it; SyntaxError where that does not fit."""
    return sections.put(broken(app, drill), cell)


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write these files below a folder, without touching those that are the same already."""
    changed = {name: text for name, text in texts.items() if _text(folder / name) != text}
    write_files(folder, changed)


def _text(path: Path) -> str | None:
    return path.read_text("utf-8", errors="replace") if path.is_file() else None
