"""The instructor's page of a lesson: minutes, the speaker's notes, and what people write."""

import textwrap
from collections import defaultdict
from collections.abc import Iterator
from itertools import zip_longest

from workbook.authoring import minutes, outline, questions, render, timetable
from workbook.authoring.lesson import SPEAKER, Cell, Fence, Lesson
from workbook.authoring.minutes import Minutes
from workbook.authoring.questions import Question
from workbook.material.known_answers import KnownAnswer, known_answers
from workbook.questions.answers import LETTERS

GOAL = "**After this you can**"
"""How the paragraph begins that ends the opening of a lesson."""
WIDTH = 160
"""Characters of a line, where a paragraph has several."""


def page(lesson: Lesson) -> str:
    """The page as Markdown: notes in the order of the notebook, then what people write."""
    model = minutes.of(lesson)
    lines = [
        f"# {lesson.title}: notes for whoever teaches it",
        "",
        f"{model.core} minutes for the core path: {model.reading} of blocks and {model.solving} of"
        f" exercises. The blocks marked *Deeper* take {model.deeper} more{_practice(model)}."
        f" Made by `./wb build` from `lessons/{lesson.path.name}` and `lessons/answers/`; edit it"
        " there.",
        *_begins(lesson),
    ]
    section: str | None = None
    for fence in (each for each in lesson.fences if each.kind in SPEAKER):
        if fence.section != section:
            section = fence.section
            lines += ["", f"## {_heading(section, lesson, model)}"]
        lines += _note(fence, lesson)
    lines += _questions(lesson)
    lines += ["", "## Exercises", "", "| id | task | where | minutes |", "|---|---|---|---|"]
    lines += [_row(cell, model) for cell in lesson.exercises]
    for cell in lesson.exercises:
        lines += _answers(cell, lesson)
    return "\n".join(lines) + "\n"


def _heading(section: str, lesson: Lesson, model: Minutes) -> str:
    return timetable.title(render.with_minutes(section, lesson, model))


def _begins(lesson: Lesson) -> Iterator[str]:
    """Its story and its goal, to be read aloud, and the timetable."""
    yield from ("", "## The story")
    paragraphs = lesson.cells[0].text.split("\n\n")[1:]
    goal = next((n for n, each in enumerate(paragraphs) if each.startswith(GOAL)), 0)
    for each in paragraphs[: goal + 1]:
        yield from _paragraph(each)
    yield from ("", "## The timetable", "", *timetable.table(lesson))


def _note(fence: Fence, lesson: Lesson) -> Iterator[str]:
    """What the speaker is told; blocks are kept, with the place at which a test runs them."""
    parts = outline.FENCED.split(f"*{fence.kind.title()}:* {fence.text}")[::2]
    blocks = [found[0] for found in outline.FENCED.finditer(fence.text)]
    if blocks:
        cell = next(each for each in lesson.cells if each.id == fence.behind)
        begins = cell.stubbed().splitlines()[0]
        yield from ("", f"*To be run behind the cell that begins* `{begins}` <!-- {cell.id} -->")
    for text, block in zip_longest(parts, blocks, fillvalue=""):
        yield from _paragraph(text) if text.strip() else ()
        yield from ("", block) if block else ()


def _practice(model: Minutes) -> str:
    return f", *Practice* another {model.practice}" if model.practice else ""


def _questions(lesson: Lesson) -> list[str]:
    """What the notebook asks, with the right answers, and what is said of wrong ones."""
    asked = [(fence.about, questions.asked(fence)) for fence in questions.of(lesson)]
    if not asked:
        return []
    lines = ["", "## Questions", "", "| id | question | right | because |", "|---|---|---|---|"]
    lines += [_asked(name, found) for name, found in asked]
    lines += ["", "### What is said of a wrong answer", "", "| id | answer | but |"]
    return [*lines, "|---|---|---|", *(row for name, found in asked for row in _told(name, found))]


def _asked(name: str, found: Question) -> str:
    what = _cell(render.flow(found.asks or f"*Predict:* {found.predicts}"))
    right, because = questions.right_of(name, found), render.flow(found.reason)
    return f"| {name} | {what} | {_cell(_chosen(name, found, right))} | {_cell(because)} |"


def _told(name: str, found: Question) -> Iterator[str]:
    """A row for each wrong answer that has a sentence."""
    for answer, but in questions.wrong_of(name, found).items():
        yield f"| {name} | {_cell(_chosen(name, found, answer))} | {_cell(but)} |"


def _chosen(name: str, found: Question, answer: str) -> str:
    """A choice with its words, or the answer as it is."""
    if not found.choices:
        return answer
    return f"{answer}: {found.choices[LETTERS.index(answer)].says}"


def _row(cell: Cell, model: Minutes) -> str:
    name = str(cell.options["exercise"])
    level, deeper = cell.options.get("level"), name in model.deeper_exercises
    where = f"practice, {level}" if level else "*Deeper*" if deeper else "core path"
    return f"| `{name}` | {cell.options.get('title', '')} | {where} | {model.exercises[name]} |"


def _answers(cell: Cell, lesson: Lesson) -> list[str]:
    """What people write, and what each gets to hear; what leads to one sentence stands together."""
    name = str(cell.options["exercise"])
    known = known_answers(name)
    lines = ["", f"### {name}: what people write", "", "| the verdict says | the answer |"]
    lines += ["|---|---|", *_wrong([each for each in known if not each.right])]
    right = [f"- *{_said(each.name)}*: {each.sentence}" for each in known if each.right]
    lines += ["", "Right in another way:", "", *right] if right else []
    return [*lines, *_spoken(name, lesson)]


def _spoken(name: str, lesson: Lesson) -> Iterator[str]:
    """The first hint, for whoever is stuck; and what to say when the room has solved it."""
    told = {
        "Who is stuck, and was not helped by the verdict": lesson.about("hint", name)[:1],
        "The debrief": lesson.about("why", name),
        "To try then": lesson.about("try", name),
    }
    for when, texts in told.items():
        yield from _paragraph(f"*{when}:* {' '.join(texts)}") if texts else ()


def _paragraph(text: str) -> list[str]:
    """An empty line, and the text in lines that can be read in an editor."""
    whole = render.flow(text)
    return ["", *textwrap.wrap(whole, WIDTH, break_long_words=False, break_on_hyphens=False)]


def _wrong(answers: list[KnownAnswer]) -> Iterator[str]:
    """A row for each sentence, and first those to which most answers lead."""
    by_sentence = defaultdict(list)
    for each in answers:
        by_sentence[each.sentence].append(_said(each.name))
    for sentence in sorted(by_sentence, key=lambda each: -len(by_sentence[each])):
        yield f"| {_cell(sentence)} | {', '.join(by_sentence[sentence])} |"


def _said(name: str) -> str:
    """The name of a file, in words."""
    return name.replace("_", " ")


def _cell(text: str) -> str:
    """As a cell of a table: a bar would end it."""
    return text.replace("|", "\\|")
