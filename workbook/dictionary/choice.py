"""The choice of an entry: by what can be recognised, then by the notebook that runs."""

from dataclasses import dataclass

from workbook import material
from workbook.dictionary.evidence import Evidence, chain

OWN, EARLIER, OTHER = range(3)
"""Whose entry is preferred among those that ask for as many kinds of evidence: that of the notebook
which runs, then an earlier one's, then those of no notebook and of later ones alike.
"""


@dataclass(frozen=True, order=True)
class Rank:
    """How well an entry fits; the smallest is the best."""

    depth: int
    """How far below the outermost error it was recognised."""
    without: int
    """How many kinds of evidence it does not ask for."""
    says: int
    """Minus the length of the text that it found in the message."""
    whose: int
    far: int
    """How many notebooks away it stands."""


def entry(error: BaseException, notebook: str = "") -> material.ErrorEntry | None:
    """The entry that fits best, or None; `notebook` is the one that runs, two digits."""
    return choose(chain(error), notebook or "99")


def choose(seen: list[Evidence], notebook: str) -> material.ErrorEntry | None:
    """The entry that fits best what was seen, or None."""
    ranked = [
        (_rank(each, position, one, notebook), each)
        for each in material.errors()
        for position, one in enumerate(seen)
        if fits(each, one)
    ]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def fits(each: material.ErrorEntry, one: Evidence) -> bool:
    """Whether everything that the entry asks for is there: one of each kind that it names."""
    if each.sqlstate:
        known = one.sqlstate in each.sqlstate
    else:
        known = not one.classes.isdisjoint(each.names)
    said = not each.says or any(text in one.message for text in each.says)
    there = not each.where or not one.places.isdisjoint(each.where)
    return known and said and there and (not each.sql or not one.sql.isdisjoint(each.sql))


def _rank(each: material.ErrorEntry, depth: int, one: Evidence, notebook: str) -> Rank:
    longest = max((len(text) for text in each.says if text in one.message), default=0)
    without = [each.sqlstate, each.says, each.where, each.sql].count(())
    far = abs(int(each.notebook[:2] or 0) - int(notebook))
    return Rank(depth, without, -longest, _whose(each, notebook), far)


def _whose(each: material.ErrorEntry, notebook: str) -> int:
    number = each.notebook[:2]
    if number == notebook:
        return OWN
    return EARLIER if "" < number < notebook else OTHER
