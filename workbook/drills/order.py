"""Which drills there are, and in which order they are drawn."""

import importlib
from collections.abc import Collection
from random import Random

from workbook.base.problem import Problem
from workbook.drills.drill import Drill

NAMES = ("badger", "hare", "heron", "lynx", "moth", "otter", "owl", "stoat")
SEED = 14
"""For whoever names none: then everybody has the same order."""


def drawn(seed: int = SEED) -> list[str]:
    """The names in the order that this seed draws."""
    return Random(seed).sample(NAMES, len(NAMES))


def chosen(which: str | int | None, seed: int, solved: Collection[str]) -> Drill:
    """The drill of a name, or of a place in the drawn order, or the next that is not solved."""
    order = drawn(seed)
    if which is None:
        which = next((each for each in order if each not in solved), order[0])
    if isinstance(which, int) and 1 <= which <= len(order):
        which = order[which - 1]
    if which not in NAMES:
        there = f"There are 1 to {len(order)}, or by name: {', '.join(sorted(NAMES))}."
        raise Problem(f"There is no drill {which!r}. {there}")
    return of(str(which))


def of(name: str) -> Drill:
    """The drill of this name."""
    made: Drill = importlib.import_module(f"workbook.drills.nights.{name}").DRILL
    return made
