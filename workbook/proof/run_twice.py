"""A notebook that runs all of its cells twice in one kernel, for the promise that any cell can."""

import copy
from pathlib import Path

import nbformat


def write(path: Path, target: Path) -> None:
    """Write the notebook of `path` to `target`, every cell twice, with the same stored outputs."""
    notebook = nbformat.read(path, 4)
    again = copy.deepcopy(notebook.cells)
    for cell in again:
        cell.id = f"{cell.id[:56]}-again"
    notebook.cells = [*notebook.cells, *again]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(nbformat.writes(notebook), "utf-8")
