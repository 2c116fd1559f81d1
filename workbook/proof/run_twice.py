"""A notebook that runs its core path, and then all of its cells again, in one kernel.

So it proves that the core path holds alone, and that any cell can be run twice. The blocks marked
*Deeper*, which the first run leaves out, come twice in the second.
"""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from workbook.authoring.lesson import Cell
from workbook.authoring.outline import pieces_of

SOLVED = re.compile(r"Solved here: \d+ of (\d+)")


def write(path: Path, target: Path) -> None:
    """Write the notebook of `path` to `target`, every cell twice, with the same stored outputs."""
    notebook = nbformat.read(path, 4)
    blocks = list(_blocks(notebook.cells))
    core = [cell for deeper, cells in blocks for cell in cells if not deeper]
    again = [cell for deeper, cells in blocks for cell in (cells + cells if deeper else cells)]
    notebook.cells = [_another(cell, n) for n, cell in enumerate([*core, *again])]
    solved = sum("exercise" in cell.metadata.get("nightwatch", {}) for cell in core)
    if len(core) < len(again):
        _say_solved(notebook.cells[len(core) - 1], solved)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(nbformat.writes(notebook), "utf-8")


def _blocks(cells: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    """The code cells in order, each deeper block under its heading, the core under none."""
    read = [Cell(each.cell_type, each.source, each.id) for each in cells]
    known = {each.id: each for each in cells}
    block: tuple[str, list[Any]] = ("", [])
    for piece in (each for each in pieces_of(read) if each.cell.kind == "code"):
        if piece.deeper != block[0]:
            yield block
            block = (piece.deeper, [])
        block[1].append(known[piece.cell.id])
    yield block


def _another(cell: Any, number: int) -> Any:
    """The same cell under an id of its own; it keeps the first one beside it."""
    made = copy.deepcopy(cell)
    made.metadata.setdefault("nightwatch", {})["cell"] = cell.id
    made.id = f"{cell.id[:56]}-{number}"
    return made


def _say_solved(cell: Any, count: int) -> None:
    """At the end of the core path fewer exercises may be solved than at the end of the notebook."""
    for output in (each for each in cell.outputs if "text" in each):
        output.text = SOLVED.sub(
            lambda found: (
                found[0]
                if int(found[1]) == count
                else f"Solved here: {count} of {found[1]}; the rest is deeper"
            ),
            output.text,
        )
