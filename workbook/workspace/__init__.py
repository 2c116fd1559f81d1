"""The learner's files: copies of the notebooks, the app that grows, progress, and the way back."""

from workbook.workspace.copies import Change, digest, fill, reset, update
from workbook.workspace.files import write
from workbook.workspace.history import Entry, NothingToUndo, entries, redo, set_aside, undo
from workbook.workspace.overview import Standing, next_notebook, standings
from workbook.workspace.progress import Progress, Verdict, forget, hint_shown, read, record
from workbook.workspace.rebuild import Rebuilt, catch_up, rebuild, take_away

__all__ = [
    "Change",
    "Entry",
    "NothingToUndo",
    "Progress",
    "Rebuilt",
    "Standing",
    "Verdict",
    "catch_up",
    "digest",
    "entries",
    "fill",
    "forget",
    "hint_shown",
    "next_notebook",
    "read",
    "rebuild",
    "record",
    "redo",
    "reset",
    "set_aside",
    "standings",
    "take_away",
    "undo",
    "update",
    "write",
]
