"""An answer that a cell holds, and that no `%%myapp` line has put into the file."""

import ast
from dataclasses import replace
from typing import Any

from workbook import material
from workbook.checks.verdict import Verdict
from workbook.myapp import formats

MAGIC = "get_ipython().run_cell_magic('myapp'"
"""What IPython makes of a cell's first line `%%myapp …`."""
NOT_FIRST = "get_ipython().run_line_magic('%myapp'"
"""And what it makes of that line anywhere else."""


def told(exercise: material.Exercise, verdict: Verdict, namespace: dict[str, Any]) -> Verdict:
    """The verdict; where the answer was run and not written into its file, it says what to do."""
    if verdict or not exercise.path or not (cell := _last(exercise, namespace)):
        return verdict
    lines = [each for each in verdict.lines if each[0] != "Do first"]
    return replace(verdict, lines=(*lines, ("Not written", _said(exercise, cell))))


def _said(exercise: material.Exercise, cell: str) -> str:
    names, path = " and ".join(exercise.names), exercise.path
    what = f"defines {names}" if names != path else "has its text"
    line = f"the line `%%myapp {path}`"
    has = f"has {line}, and not as its first" if NOT_FIRST in cell else f"lacks {line}"
    return (
        f"the last cell that {what} {has}, so myapp/{path} stayed as it was."
        " Make that line the first of the cell, run the cell, then this one."
    )


def _last(exercise: material.Exercise, namespace: dict[str, Any]) -> str:
    """The last cell that did more than ask, if it has the whole answer and writes no file."""
    cells: list[str] = namespace.get("In", [])
    cell = next((each for each in reversed(cells) if each.strip() and not _only_asks(each)), "")
    if cell.startswith(MAGIC):
        return ""
    own = "\n".join(line for line in cell.splitlines() if NOT_FIRST not in line)
    return cell if _holds(exercise, own) else ""


def _only_asks(cell: str) -> bool:
    """Whether a cell only calls something, as one with a check or a hint does."""
    tree = _parsed(cell)
    return tree is not None and not cell.startswith("get_ipython()") and all(
        isinstance(each, ast.Expr) for each in tree.body
    )  # fmt: skip


def _holds(exercise: material.Exercise, cell: str) -> bool:
    """Whether all names of the answer are defined here, as they are in a file of this kind."""
    python = str(exercise.path).endswith(".py")
    if python != (_parsed(cell) is not None):
        return False
    return set(formats.for_path(exercise.path).definitions(cell, exercise.names)) == set(
        exercise.names
    )


def _parsed(cell: str) -> ast.Module | None:
    try:
        return ast.parse(cell)
    except (SyntaxError, ValueError):
        return None
