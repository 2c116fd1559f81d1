"""How far the learner has come, notebook by notebook."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbook import material
from workbook.workspace import history, progress

Known = Mapping[str, progress.Progress]
"""Exercise id → where it stands, as `progress.read()` answers."""


@dataclass(frozen=True)
class Standing:
    """One notebook and what is done of it."""

    notebook: material.Notebook
    right: int
    total: int
    open: tuple[str, ...]
    """The ids of the exercises that are not solved yet."""


def standings(known: Known) -> list[Standing]:
    """Every notebook, in order, under this progress."""
    return [_standing(notebook, known) for notebook in material.notebooks()]


def next_notebook(known: Known) -> material.Notebook | None:
    """The first notebook with an unsolved exercise, from the one on that was caught up to.

    Where all of them are solved it is the last one; None where no notebook has been built.
    """
    every, reached = standings(known), history.caught_up_to()
    unfinished = [each.notebook for each in every if each.open and each.notebook.number >= reached]
    rest = [each.notebook for each in every if each.open] or material.notebooks()[-1:]
    return next(iter(unfinished + rest), None)


def _standing(notebook: material.Notebook, known: Known) -> Standing:
    ids = [each.id for each in notebook.exercises]
    open_ids = tuple(each for each in ids if each not in known or not known[each].solved)
    return Standing(notebook, len(ids) - len(open_ids), len(ids), open_ids)
