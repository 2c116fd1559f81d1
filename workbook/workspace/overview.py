"""How far the learner has come, notebook by notebook."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbook import material
from workbook.workspace import progress

Known = Mapping[str, progress.Progress]
"""Exercise id → where it stands, as `progress.read()` answers."""


@dataclass(frozen=True)
class Standing:
    """One notebook and what is done of it."""

    book: material.Material
    right: int
    total: int
    open: tuple[str, ...]
    """The ids of the exercises that are not solved yet."""


def standings(known: Known) -> list[Standing]:
    """Every notebook, in order, under this progress."""
    return [_standing(book, known) for book in material.notebooks()]


def next_notebook(known: Known) -> material.Material | None:
    """The first notebook with an unsolved exercise; the first of all where nothing is begun."""
    books, every = material.notebooks(), standings(known)
    if not known:
        return books[0] if books else None
    return next((each.book for each in every if each.open), books[-1] if books else None)


def _standing(book: material.Material, known: Known) -> Standing:
    ids = [each.id for each in book.exercises]
    open_ids = tuple(each for each in ids if each not in known or not known[each].solved)
    return Standing(book, len(ids) - len(open_ids), len(ids), open_ids)
