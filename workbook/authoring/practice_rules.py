"""What the author's linter asks of a lesson's practice: exercises and questions beyond its own."""

import ast
import re
from collections.abc import Iterator

from IPython.core.inputtransformer2 import TransformerManager

from workbook.authoring import questions
from workbook.authoring.lesson import LEVELS, Cell, Lesson
from workbook.authoring.outline import PRACTICE, Piece, pieces, split

TWO = 2
"""Exercises and questions of practice, at least."""
NONE_YET = {"14": "its eight nights are practice"}
"""Notebooks without the section, each with its reason."""
AFTER, BEFORE = "Exit ticket", "Close"


def complaints(lesson: Lesson) -> Iterator[str]:
    """What is wrong with the practice of a lesson, each with the reason for the rule."""
    every = list(pieces(lesson))
    found = [each for each in every if each.is_practice]
    yield from _levels(lesson, every)
    if not found:
        if re.fullmatch(r"\d\d", lesson.number) and lesson.number not in NONE_YET:
            yield f"no section '## {PRACTICE}'; what is done once is forgotten."
        return
    if lesson.number in NONE_YET:
        yield f"it has practice now: take {lesson.number} out of NONE_YET in practice_rules.py."
    yield from _place(every)
    yield from _number(lesson, found)
    for cell in lesson.beyond:
        yield from _stands_alone(lesson, cell)


def _levels(lesson: Lesson, every: list[Piece]) -> Iterator[str]:
    """What has a level stands in the section, and what stands there has one, and its heading."""
    heading, asked = "", {each.about: questions.asked(each) for each in questions.of(lesson)}
    for each in every:
        if each.cell.kind == "markdown":
            heading = next((name for _, name, _ in split(each.text) if name), heading)
            continue
        name = str(each.cell.options.get("exercise", each.cell.question))
        if not name:
            continue
        level = asked[name].level if name in asked else str(each.cell.options.get("level", ""))
        yield from _level(name, level, heading, each.is_practice)


def _level(name: str, level: str, heading: str, practice: bool) -> Iterator[str]:
    if level and not practice:
        yield f"{name} has a level and stands outside of '## {PRACTICE}'; only practice has one."
    if practice and level not in LEVELS:
        yield f"{name} is practice and has the level {level!r}; there are: {', '.join(LEVELS)}."
    elif practice and f", {level}:" not in heading:
        yield f"{name} stands under {heading!r}; its heading says ', {level}:', for who chooses."


def _place(every: list[Piece]) -> Iterator[str]:
    sections = list(dict.fromkeys(each.section for each in every))
    at = sections.index(PRACTICE)
    around = sections[at - 1 : at] + sections[at + 1 : at + 2]
    if around != [AFTER, BEFORE]:
        yield f"'## {PRACTICE}' stands between '## {AFTER}' and '## {BEFORE}', in every notebook."


def _number(lesson: Lesson, found: list[Piece]) -> Iterator[str]:
    asked = sum(bool(each.cell.question) for each in found)
    if (number := len(lesson.beyond) + asked) < TWO:
        yield f"'## {PRACTICE}' has {number} of the {TWO} exercises or questions that it needs."


def _stands_alone(lesson: Lesson, cell: Cell) -> Iterator[str]:
    """Nothing but its own check knows of its answer."""
    name, names = cell.options["exercise"], cell.options.get("names", [])
    if cell.text.startswith("%%"):
        yield f"{name} is practice and begins with %%; who leaves it out would lack what it writes."
    for each in (one for one in lesson.cells if one.kind == "code" and one is not cell):
        if found := sorted(_read(each.solved()) & {*names}):
            first = each.text.splitlines()[0]
            yield f"{name} defines {found[0]!r}, and so the cell {first!r} depends on practice."


def _read(code: str) -> set[str]:
    """The names that a cell asks the kernel for; one that writes a file asks for none."""
    if code.startswith("%%"):
        return set()
    tree = ast.parse(TransformerManager().transform_cell(code))  # type: ignore[no-untyped-call]
    return {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
