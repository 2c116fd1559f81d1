"""The timetable of a notebook for a room: its sections in order, with the minute of each.

The minutes are those of the headings; behind each exercise of the core path stands its debrief.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbook.authoring import minutes
from workbook.authoring.lesson import Lesson
from workbook.authoring.minutes import Minutes
from workbook.authoring.outline import Piece, pieces

DEBRIEF = 2
"""Minutes for each exercise of the core path, to talk about what people wrote."""
STOP = "**A good place to stop.**"
"""How a lesson says where its first half ends."""
PLACE = re.compile(r" *\(\{\{.*?\}\} minutes\)")


@dataclass(frozen=True)
class Slot:
    """A row of the timetable; a place to stop takes no minutes."""

    what: str
    minutes: int


def core(lesson: Lesson) -> list[Slot]:
    """The core path in order, each exercise with its debrief; all its minutes and no others."""
    model = minutes.of(lesson)
    made: list[Slot] = []
    section: str | None = None
    for piece in (each for each in pieces(lesson) if not each.deeper):
        if piece.section != section:
            section = piece.section
            made.append(Slot(title(section), model.sections[section]))
        made += _inside(piece, model)
    return made


def _inside(piece: Piece, model: Minutes) -> Iterator[Slot]:
    if "exercise" in piece.cell.options:
        name = str(piece.cell.options["exercise"])
        yield Slot(f"Exercise `{name}`", model.exercises[name])
        yield Slot("its debrief", DEBRIEF)
    if piece.cell.kind == "markdown" and STOP in piece.text:
        yield Slot("*a good place to stop*", 0)


def deeper(lesson: Lesson) -> list[Slot]:
    """The blocks that can be left out, an exercise in one with it."""
    model, found = minutes.of(lesson), dict[str, int]()
    for piece in (each for each in pieces(lesson) if each.deeper and not each.is_practice):
        found.setdefault(piece.deeper, model.sections.get(piece.deeper, 0))
        if "exercise" in piece.cell.options:
            found[piece.deeper] += model.exercises[str(piece.cell.options["exercise"])]
    return [Slot(title(heading), long) for heading, long in found.items()]


def title(heading: str) -> str:
    """A heading without the place of its minutes; before the first one stands the opening."""
    return PLACE.sub("", heading) or "The opening"


def table(lesson: Lesson) -> Iterator[str]:
    """Both as Markdown, the core path with the minute at which each slot begins."""
    yield from ("| minute | | minutes |", "|---|---|---|")
    now = 0
    for slot in core(lesson):
        yield f"| {now} | {slot.what} | {slot.minutes or ''} |"
        now += slot.minutes
    yield f"| {now} | the end | |"
    if found := deeper(lesson):
        told = "; ".join(f"{each.what.partition(': ')[2]} ({each.minutes})" for each in found)
        yield from ("", f"*Deeper*, for whoever is early: {told}.")
