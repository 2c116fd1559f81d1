"""An answer that was right, and that another cell has replaced since."""

from dataclasses import replace

from workbook import material
from workbook.checks.verdict import Verdict
from workbook.workspace import cells


def told(exercise: material.Exercise, verdict: Verdict) -> Verdict:
    """The verdict; where it is not right and was, and another cell wrote the names, it says so."""
    if not exercise.path:
        return verdict
    writer, before = cells.last_of(exercise.path, exercise.names), cells.right_by(exercise.id)
    if verdict and writer:
        cells.was_right(exercise.id, writer)
    if verdict.kind != "not yet" or not before or writer == before:
        return verdict
    names = ", ".join(f"`{each}`" for each in exercise.names)
    said = (
        f"another cell has written {names} into myapp/{exercise.path}."
        " Your answer stands in its own cell: run that cell again"
    )
    return replace(verdict, lines=(*verdict.lines, ("Since it was right", said)))
