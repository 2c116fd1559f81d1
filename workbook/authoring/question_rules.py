"""What the author's linter asks of the questions of a lesson."""

import re
from collections.abc import Iterator

from workbook.authoring import minutes, outline, questions
from workbook.authoring.lesson import Lesson
from workbook.authoring.questions import Question

FEW = 3
"""Lines to put in order, at least: with two, nobody has to think."""
SECTIONS = {"Recall": 3, "Exit ticket": 2}
"""Sections that are questions, and how many each has."""


def complaints(lesson: Lesson) -> Iterator[str]:
    """What is wrong with a question, each with the reason for the rule."""
    fences = questions.of(lesson)
    names = [each.about for each in fences]
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield f"question {name} is there twice; whoever answers it would get either."
    for fence in fences:
        if not re.fullmatch(rf"{lesson.number}\.\d+", fence.about):
            yield f"question {fence.about!r}: its name is '{lesson.number}.' and a number."
        for fault in _faults(lesson, fence.about, questions.asked(fence)):
            yield f"question {fence.about} {fault}"
    if fences:
        yield from _same_letter(lesson)
        yield from _all_of_them(lesson)


def _faults(lesson: Lesson, name: str, found: Question) -> Iterator[str]:
    if found.choices:
        yield from _choices(found)
    else:
        yield from _wrong(name, found)
    if found.order and len(set(found.order)) < max(FEW, len(found.order)):
        yield f"needs {FEW} lines at least, no two of them alike, or several orders are right."
    if found.line is not None or found.predicts:
        yield from _of_a_cell(lesson, name, found)


def _choices(found: Question) -> Iterator[str]:
    right = [each.says for each in found.choices if each.because]
    if len(right) != 1:
        yield f"has {len(right)} right choices, which are those with 'because'; it needs one."
    if len(found.choices) < 2 or len({each.says for each in found.choices}) < len(found.choices):
        yield "needs two choices at least, no two of them alike."
    for each in found.choices:
        if bool(each.because) == bool(each.but):
            yield f"has the choice {each.says!r} without its one sentence: 'because' or 'but'."
    if found.because or found.wrong:
        yield "has sentences beside its choices; a sentence belongs to one of them."


def _wrong(name: str, found: Question) -> Iterator[str]:
    if not found.because:
        yield "has no 'because'; who is right wants to know why."
    impossible = [each.answer for each in found.wrong if not _can_be_given(found, each.answer)]
    for answer in impossible:
        yield f"has the wrong answer {answer}, which nobody can give."
    told = {} if impossible else questions.wrong_of(name, found)
    if len(told) < len(found.wrong) - len(impossible) and told:
        yield "has two sentences for one wrong answer."
    for given in (each for each in told if _is_right(name, found, each)):
        yield f"calls {given} wrong, which is right."


def _can_be_given(found: Question, answer: questions.Number | list[int]) -> bool:
    if isinstance(answer, list):
        return sorted(answer) == list(range(1, len(found.order) + 1))
    return not found.order


def _is_right(name: str, found: Question, answer: str) -> bool:
    if isinstance(found.number, list):
        return found.number[0] <= float(answer) <= found.number[1]
    return answer == questions.right_of(name, found)


def _of_a_cell(lesson: Lesson, name: str, found: Question) -> Iterator[str]:
    cell = questions.cell_after(lesson, name)
    if found.predicts and (cell is None or "exercise" in cell.options):
        yield "predicts an exercise, or no cell; its answer would never come."
        return
    lines = found.code or (cell.text if cell else "")
    if found.line is not None and not 1 <= found.line <= len(lines.splitlines()):
        yield f"asks for line {found.line} of {len(lines.splitlines())}."


def _all_of_them(lesson: Lesson) -> Iterator[str]:
    """Where some questions of a lesson mark themselves, all of them do."""
    asked = [(each.section, each.cell.question) for each in outline.pieces(lesson)]
    for section, wanted in SECTIONS.items():
        found = sum(bool(question) for heading, question in asked if heading == section)
        if found != wanted:
            yield f"'## {section}' has {found} questions that mark themselves; it needs {wanted}."
    texts = [each.text for each in lesson.cells if each.kind == "markdown"]
    if loose := minutes.PREDICT.findall("\n".join(texts)):
        yield f"{len(loose)} times '*Predict:*' stands in the text; {{question}} marks the answer."


def _same_letter(lesson: Lesson) -> Iterator[str]:
    every = [(each.about, questions.asked(each)) for each in questions.of(lesson)]
    right = [questions.right_of(name, found) for name, found in every if found.choices]
    if len(right) > FEW and len(set(right)) == 1:
        yield f"the right choice is {right[0]} in every question; nobody has to read the others."
