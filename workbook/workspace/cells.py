"""Which cell has written which definitions of the app's files, the latest last."""

import json
from collections.abc import Iterable
from pathlib import Path

from workbook.base import paths
from workbook.workspace import files

_RIGHT = "right "
"""Before the name of an exercise: which cell had written its answer when it was right."""


def written(path: str, cell: str) -> list[str]:
    """The names that this cell's last run wrote into that file of the app."""
    return _read().get(f"{path} {cell}", [])


def remember(path: str, cell: str, names: list[str]) -> None:
    """Note what a cell has just written into that file."""
    _note(f"{path} {cell}", names)


def last_of(path: str, names: Iterable[str]) -> str:
    """The cell that was the last to write one of these names there; empty where none has."""
    wanted, found = set(names), ""
    for key, keys in _read().items():
        if key.startswith(f"{path} ") and wanted & set(keys):
            found = key.removeprefix(f"{path} ")
    return found


def was_right(exercise_id: str, cell: str) -> None:
    """Note which cell wrote an answer that is right."""
    _note(_RIGHT + exercise_id, [cell])


def right_by(exercise_id: str) -> str:
    """The cell that wrote the last answer that was right; empty where nobody knows."""
    return next(iter(_read().get(_RIGHT + exercise_id, [])), "")


def _note(key: str, values: list[str]) -> None:
    with files.locked("cells"):
        others = {each: known for each, known in _read().items() if each != key}
        files.write(_path(), json.dumps(others | {key: values}))


def _read() -> dict[str, list[str]]:
    try:
        found: dict[str, list[str]] = json.loads(_path().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _path() -> Path:
    return paths.state() / "cells.json"
