"""The author's linter: what a lesson must have, said so that the author learns it."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from workbook.authoring import (
    error_entries,
    glossary,
    outline,
    pace,
    practice_rules,
    question_rules,
    questions,
    vocabulary,
)
from workbook.authoring.lesson import ABOUT_AN_EXERCISE, SPEAKER, Cell, Lesson
from workbook.authoring.lesson_reader import error_entry, lessons, read
from workbook.base import paths
from workbook.material.known_answers import KnownAnswer, known_answers

CODE_LINES = 15
CELLS = 40
"""Those that take an answer to a question count nothing, and a text that they part is one."""
FEW = 4
"""Words that a learner needs in order to see what another right answer does."""
BANNED = re.compile(r"\b(subtle|subtly|simply|just|obviously)\b", re.I)
MERMAID = re.compile(r"^ *participant (loop|alt|opt|par|end|note|rect|critical|break)\b", re.M)
MARKER = re.compile(r"^[ \t]*(### (?:BEGIN SOLUTION|END SOLUTION|STUB))\b", re.M)
ANATOMY = (
    ("Recall", "three questions on the notebooks before"),
    ("The picture", "one diagram and its paragraph"),
    ("Your turn", "a stub with its signature, and its check"),
    ("From the other side", "a second connection or a real client looks at the result"),
    ("In the app", "where this lives in the app, and what differs"),
    ("Key points", "what to keep, the trade-offs, the error entries, where to read on"),
    ("Exit ticket", "two questions"),
    ("Close", "everything opened is closed, and the cell proves it"),
)
SAYS_WHAT = ("Your turn", "From the other side")
"""Sections whose heading goes on, behind a colon, with what comes in this lesson."""


def main() -> int:
    """Lint every lesson; prints the complaints."""
    every = [read(path) for path in lessons(paths.ROOT / "lessons")]
    found = [line for each in every for line in complaints(each)] + of_all(every)
    print("\n".join(found) or "The lessons are in order.")
    return 1 if found else 0


def complaints(lesson: Lesson) -> list[str]:
    """What is missing or too much in this lesson, each with the reason for the rule."""
    own = (_anatomy, _size, _cells, _words, _exercises, _ids, _failures, _claims)
    checks = (*own, pace.complaints, question_rules.complaints, practice_rules.complaints)
    return [f"{lesson.path.name}: {line}" for check in checks for line in check(lesson)]


def _headings(lesson: Lesson) -> list[str]:
    text = "\n".join(cell.text for cell in lesson.cells if cell.kind == "markdown")
    return re.findall(r"^## (.+?)$", text, re.M)


def _anatomy(lesson: Lesson) -> Iterator[str]:
    headings = _headings(lesson)
    places = []
    for name, what in ANATOMY:
        found = [i for i, heading in enumerate(headings) if heading.startswith(name)]
        if not found:
            yield f"no section '## {name}' ({what}); the same order everywhere trains the eye."
        places += found[:1]
    for bare in (heading for heading in headings if heading in SAYS_WHAT):
        yield f"'## {bare}' does not say what comes: '## {bare}: a page of teams' does."
    if places != sorted(places):
        order = ", ".join(name for name, _ in ANATOMY)
        yield f"the sections are out of order; the order is: {order}."
    if "await start(" not in "".join(c.text for c in lesson.cells if c.kind == "code")[:600]:
        yield "the first code cell does not call start(); a learner runs it first and often."
    if "lab.close()" not in lesson.cells[-1].text + lesson.cells[-2].text:
        yield "the notebook does not end with lab.close(), which proves that nothing is open."


def _size(lesson: Lesson) -> Iterator[str]:
    core = {each.cell.id for each in outline.pieces(lesson) if not each.deeper}
    kept = [each for each in lesson.cells if each.id in core and not each.question]
    parted = sum(a.kind == b.kind == "markdown" for a, b in pairwise(kept))
    if len(kept) - parted > CELLS:
        yield f"{len(kept) - parted} cells on the core path; {CELLS} fit one sitting."
    text = "\n".join(cell.text for cell in lesson.cells if cell.kind == "markdown")
    for word in MERMAID.findall(text):
        yield f"the diagram calls a participant '{word}', which is a word of Mermaid; rename it."


def _cells(lesson: Lesson) -> Iterator[str]:
    for cell in (each for each in lesson.cells if each.kind == "code"):
        first = cell.text.splitlines()[0]
        lines = len(list(filter(None, cell.solved().splitlines())))
        if lines > CODE_LINES and "exercise" not in cell.options:
            yield f"the cell '{first}' has {lines} lines; over {CODE_LINES} nobody reads along."
        for marker in sorted({*MARKER.findall(cell.solved()), *MARKER.findall(cell.stubbed())}):
            yield f"the cell '{first}' has a line '{marker}' that is no part of a solution."


def _words(lesson: Lesson) -> Iterator[str]:
    text = "\n".join(cell.text for cell in lesson.cells if cell.kind == "markdown")
    told = "\n".join(fence.text for fence in questions.of(lesson))
    for found in BANNED.finditer(f"{outline.prose(text)}\n{told}"):
        yield f"the word '{found[0]}': what is hard for the reader stays hard; say what it does."


def _exercises(lesson: Lesson) -> Iterator[str]:
    if (own := len(lesson.exercises) - len(lesson.beyond)) < 3:
        yield f"{own} exercises; three at least, or the hands forget."
    code = "\n".join(cell.text for cell in lesson.cells if cell.kind == "code")
    for cell in lesson.exercises:
        name = str(cell.options["exercise"])
        for problem in _exercise(lesson, cell, name):
            yield f"exercise {name} {problem}"
        if f'lab.check("{name}")' not in code:
            yield f'exercise {name} is never checked; add a cell with await lab.check("{name}").'


def _ids(lesson: Lesson) -> Iterator[str]:
    ids = [str(cell.options["exercise"]) for cell in lesson.exercises]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"exercise {name} is there twice; whoever checks it would get either."
    for fence in lesson.fences:
        if fence.kind in ABOUT_AN_EXERCISE and fence.about not in ids:
            what = f"the {{{fence.kind}}} for {fence.about!r}"
            yield f"{what} belongs to no exercise; there are: {', '.join(ids)}."
    for folder in sorted((paths.ROOT / "lessons" / "answers").glob(f"{lesson.number}.*")):
        if folder.name not in ids:
            yield f"lessons/answers/{folder.name}/ belongs to no exercise; remove it."


def _exercise(lesson: Lesson, cell: Cell, name: str) -> Iterator[str]:
    if len(lesson.about("hint", name)) != 3:
        yield "needs three {hint}s: a question, a pointer, nearly the answer."
    for kind in ("why", "try"):
        if len(lesson.about(kind, name)) != 1:
            yield f"needs one {{{kind}}}; who solved it wants to know what to take along."
    for option in ("title", "names"):
        if not cell.options.get(option):
            yield f"has no '{option}' in its options."
    if cell.solved() == cell.stubbed():
        yield "is already solved in the learner's notebook; mark a solution region."
    if not (paths.ROOT / _checker(name)).exists():
        yield f"has no checker; write one in {_checker(name)}."
    yield from _answers(known_answers(name))


def _answers(answers: list[KnownAnswer]) -> Iterator[str]:
    wrong = [each for each in answers if not each.right]
    if len(wrong) < 3:
        yield f"has {len(wrong)} wrong answers in lessons/answers/; three show what the check sees."
    if not [each for each in answers if each.right]:
        yield "has no right answer written differently; a check must not want one wording."
    for each in answers:
        if not each.sentence:
            yield f"has the answer {each.name} without its sentence."
        elif each.right and len(each.sentence.split()) < FEW:
            yield f"has the answer {each.name}, and learners read no more than {each.sentence!r}."


def _checker(name: str) -> Path:
    """Where the checker of an exercise stands: workbook/checks/nb01/get_db.py for 01.get_db."""
    number, _, word = name.partition(".")
    return Path("workbook", "checks", f"nb{number}", f"{word}.py")


def _failures(lesson: Lesson) -> Iterator[str]:
    entries = [error_entry(fence) for fence in lesson.fences if fence.kind == "error"]
    names = {name for each in entries for name in each["names"]}
    for each in filter(error_entries.claims_all, entries):
        yield _claims_all(each["name"])
    for cell in (each for each in lesson.cells if "raises" in each.options):
        kind = str(cell.options["raises"])
        if not cell.options.get("says"):
            yield f"the failure {kind} certifies no text; add 'says', short and stable."
        if kind not in names:
            yield f"the failure {kind} has no {{error}} entry; never leave an error unexplained."
    kinds = {fence.kind for fence in lesson.fences}
    for kind in sorted(set(SPEAKER) - kinds):
        yield f"no {{{kind}}} for whoever teaches it."


def _claims(lesson: Lesson) -> Iterator[str]:
    """What holds is said in the lesson, in these words, and can be false."""
    text = " ".join(cell.text for cell in lesson.cells if cell.kind == "markdown")
    prose = re.sub(r"\s+", " ", text)
    for claim in (claim for cell in lesson.cells for claim in cell.claims):
        if not claim.sentence or re.sub(r"\s+", " ", claim.sentence) not in prose:
            yield f"{{holds}} {claim.sentence!r}: the lesson has no such words; quote its sentence."
        if fault := _fault(claim.expression):
            yield f"{{holds}} {claim.sentence!r}: {fault}"


def _fault(expression: str) -> str:
    """Why this is nothing that a kernel can deny, or an empty string."""
    try:
        parts = list(ast.walk(ast.parse(f"(\n{expression}\n)", mode="eval")))
    except SyntaxError as error:
        return f"it is no expression of Python: {error.msg}."
    if not any(isinstance(each, ast.Name) for each in parts):
        return "it asks for nothing that the cell has made, so it can never be false."
    return ""


def of_all(every: list[Lesson]) -> list[str]:
    """What is wrong between lessons: what was not shown, or not explained, before it is used."""
    late = [*vocabulary.complaints(every), *glossary.complaints(every)]
    return [*of_dictionary(every), *late]


def of_dictionary(every: list[Lesson]) -> list[str]:
    """What is wrong with the entries that no notebook shows, and between any two of all."""
    more = error_entries.more(paths.ROOT / "lessons")
    shown = [error_entry(f) for each in every for f in each.fences if f.kind == "error"]
    names = [error_entries.anchor(error_entries.heading(each)) for each in [*shown, *more]]
    return [
        *(_claims_all(each["name"]) for each in more if error_entries.claims_all(each)),
        *(_named_twice(each) for each in sorted(set(names)) if names.count(each) > 1),
    ]


def _named_twice(name: str) -> str:
    return f"two error entries have the heading #{name}; a 'title' tells them apart."


def _claims_all(name: str) -> str:
    how = "add 'says', 'sqlstate' or 'where'"
    return f"an error entry claims every {name}; {how}, or it hides the others."
