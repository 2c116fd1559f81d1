"""What the author's linter asks of a lesson's pace, by the model of `minutes`."""

from collections.abc import Iterator

from workbook.authoring import minutes
from workbook.authoring.lesson import Lesson
from workbook.authoring.outline import Piece, pieces

SITTING = 45
"""Minutes of a core path, at most."""
HANDS_ON = 0.4
"""The part of a core path that is exercises, and answers to questions that mark themselves."""
FIRST_KEY = 8
"""Minutes of reading and running before the first line of code that one types."""
TO_RUN = 6
"""Cells to run before something to type, at most."""
MIDDLE = (0.35, 0.65)
"""Where in a core path the place to stop is."""
STOP = "> **A good place to stop.**"


def complaints(lesson: Lesson) -> Iterator[str]:
    """Where the pace of this lesson is not what a sitting allows."""
    core = [each for each in pieces(lesson) if not each.deeper]
    yield from _sitting(minutes.of(lesson))
    yield from _hands_on(lesson, minutes.of(lesson))
    yield from _first_key(lesson, core)
    yield from _in_a_row(core)
    yield from _stop(core)
    yield from _predicted(lesson)


def _sitting(model: minutes.Minutes) -> Iterator[str]:
    told = f"{model.reading} + {model.solving} minutes"
    if model.core > SITTING:
        yield f"the core path takes {told}; a sitting is {SITTING}: mark what can wait as Deeper."


def _hands_on(lesson: Lesson, model: minutes.Minutes) -> Iterator[str]:
    doing = model.solving + minutes.answering(lesson)
    if doing < HANDS_ON * model.core:
        yield (
            f"{doing:.0f} of {model.core} minutes are exercises and answers to questions that mark"
            f" themselves; make it {HANDS_ON:.0%}."
        )


def _first_key(lesson: Lesson, core: list[Piece]) -> Iterator[str]:
    typed = [each.cell for each in core if each.cell.is_typed() and not each.cell.question]
    late = minutes.until(lesson, typed[0]) if typed else 0.0
    if late > FIRST_KEY:
        yield f"the first line to type comes after {late:.1f} minutes; {FIRST_KEY} at most."


def _in_a_row(core: list[Piece]) -> Iterator[str]:
    row = 0
    for each in (p for p in core if p.cell.kind == "code" and not p.cell.question):
        if each.cell.is_typed():
            row = 0
        elif "lab.check(" not in each.text:
            row += 1
        if row == TO_RUN + 1:
            first = each.text.splitlines()[0]
            yield f"before '{first}' stand {TO_RUN} cells to run and nothing to type."


def _stop(core: list[Piece]) -> Iterator[str]:
    places = [n for n, each in enumerate(core) if STOP in each.text]
    if len(places) != 1:
        yield f"{len(places)} times '{STOP}'; one tells where a sitting may end."
        return
    spent = [minutes.of_piece(each) for each in core]
    part = sum(spent[: places[0]]) / sum(spent)
    if not MIDDLE[0] <= part <= MIDDLE[1]:
        low, high = MIDDLE
        yield f"the place to stop comes after {part:.0%}; the middle is {low:.0%} to {high:.0%}."


def _predicted(lesson: Lesson) -> Iterator[str]:
    """Under each heading: somebody predicts before the first failure."""
    asked, failed = False, False
    for each in pieces(lesson):
        text = each.text if each.cell.kind == "markdown" else ""
        if text.startswith("##"):
            asked = failed = False
        asked |= "*Predict" in text
        if "raises" in each.cell.options and not asked and not failed:
            failed = True
            first = each.text.splitlines()[0]
            yield f"nobody predicts before '{first}' fails; ask under its heading: *Predict:* …"
