"""The learner's files: copies of the notebooks, the app that grows, progress, and the way back."""

from workbook.workspace.copies import damage, git_repair, reset, update
from workbook.workspace.files import write
from workbook.workspace.history import NothingToUndo, next_to_undo, redo, set_aside, undo
from workbook.workspace.overview import Standing, next_notebook, standing, standings
from workbook.workspace.progress import hint_shown, lost, read, record
from workbook.workspace.rebuild import catch_up, rebuild, take_away

__all__ = [
    "NothingToUndo",
    "Standing",
    "catch_up",
    "damage",
    "git_repair",
    "hint_shown",
    "lost",
    "next_notebook",
    "next_to_undo",
    "read",
    "rebuild",
    "record",
    "redo",
    "reset",
    "set_aside",
    "standing",
    "standings",
    "take_away",
    "undo",
    "update",
    "write",
]
