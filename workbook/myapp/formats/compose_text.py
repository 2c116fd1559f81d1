"""The text of a Compose file in its sections and their entries; what is not changed stays as it is.

A round trip through a tree that keeps comments, as ruamel.yaml makes it, would lay out the whole
file anew, and put a new service behind the comments of the section after it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

COMMENTS = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*")
DETACHED = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*\n")


@dataclass(frozen=True)
class Entry:
    """A service, or an entry of another section, with the comments above it."""

    name: str
    text: str
    column: int = 2
    """How far in its name stands."""
    gap: int = 0
    """How many empty lines are above it."""

    def at(self, column: int) -> "Entry":
        """The same entry, with its name that far in."""
        text = re.sub(f"(?m)^{' ' * self.column}", " " * column, self.text)
        return replace(self, text=text, column=column)


@dataclass(frozen=True)
class Section:
    """A key at the top of the file, with all that belongs to it."""

    name: str
    text: str
    """The whole of it, with the comments above it."""
    entries: tuple[Entry, ...] = ()
    """None where it is a value, such as `name: night`."""
    has_value: bool = True
    """Whether it says anything: `volumes:` alone does not."""
    opening: str = ""
    """Its first lines: the comments above it, its key, and an anchor."""
    anchor: str = ""
    tail: str = ""
    """The comments after its last entry."""
    gap: int = 1

    @property
    def comments(self) -> str:
        """The lines above its key."""
        found = COMMENTS.match(self.text)
        return found[0] if found else ""

    def below(self, comments: str) -> "Section":
        """The same section with other lines above its key."""
        own = self.comments
        text, opening = self.text.removeprefix(own), self.opening.removeprefix(own)
        return replace(self, text=comments + text, opening=comments + opening)

    def with_entries(self, entries: Sequence[Entry], opening: str = "") -> "Section":
        """The same section with other entries in it, and perhaps another opening."""
        opening = opening or self.opening
        if tuple(entries) == self.entries and opening == self.opening:
            return self
        column = self.entries[0].column if self.entries else 2
        moved = tuple(each.at(column) for each in entries)
        body = _spaced(self.entries, moved, int(self.name == "services"))
        text = "\n".join(each for each in (opening, body, self.tail) if each)
        return replace(self, text=text, entries=moved, opening=opening)


@dataclass(frozen=True)
class ComposeText:
    """A Compose file in its sections."""

    head: str
    """The comments at its top, with the empty lines below them."""
    sections: tuple[Section, ...]
    tail: str
    """The comments at its end, with the empty lines above them."""

    def with_sections(self, sections: Sequence[Section], head: str = "", tail: str = "") -> str:
        """The text of the file with other sections in it; empty where there are none."""
        body, end = _spaced(self.sections, sections, 1), self.tail or tail
        return f"{head or self.head}{body}\n" + (f"{end}\n" if end else "") if body else ""


T = TypeVar("T", Entry, Section)


def _spaced(old: Sequence[T], new: Sequence[T], usual: int) -> str:
    """The texts, with the empty lines between old neighbours, and as many as usual elsewhere."""
    gaps = {(a.name, b.name): b.gap for a, b in pairwise(old)}
    text = new[0].text if new else ""
    for a, b in pairwise(new):
        text += "\n" * (1 + gaps.get((a.name, b.name), usual)) + b.text
    return text


def merged(old: Sequence[T], new: Sequence[T], both: Callable[[T, T], T]) -> list[T]:
    """Namesakes in place; what is new stands before the next known one of its cell, or last."""
    fresh, known = {each.name: each for each in new}, {each.name for each in old}
    made = [both(each, fresh[each.name]) if each.name in fresh else each for each in old]
    for number, each in enumerate(new):
        if each.name not in known:
            names = [one.name for one in made]
            later = (names.index(n.name) for n in new[number + 1 :] if n.name in known)
            made.insert(next(later, len(made)), each)
    return made


def instead(old: Entry, new: Entry) -> Entry:
    """The new entry; comments of the file that an empty line parts from the old one stay."""
    above = DETACHED.match(old.text)
    if above is None or DETACHED.match(new.text):
        return new
    return replace(new, text=above[0] + new.text)
