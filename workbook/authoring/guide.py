"""The instructor's page of a lesson: minutes, the speaker's notes, and what people write."""

from collections import defaultdict
from collections.abc import Iterator

from workbook.authoring import minutes, questions, render
from workbook.authoring.lesson import SPEAKER, Cell, Lesson
from workbook.authoring.minutes import Minutes
from workbook.authoring.questions import Question
from workbook.material.known_answers import KnownAnswer, known_answers
from workbook.questions.answers import LETTERS


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
    ]
    section = ""
    for fence in (each for each in lesson.fences if each.kind in SPEAKER):
        if fence.section != section:
            section = fence.section
            lines += ["", f"## {render.with_minutes(section, lesson, model)}"]
        lines += ["", f"*{fence.kind.title()}:* {render.flow(fence.text)}"]
    lines += _questions(lesson)
    lines += ["", "## Exercises", "", "| id | task | minutes |", "|---|---|---|"]
    lines += [_row(cell, model) for cell in lesson.exercises]
    for cell in lesson.exercises:
        lines += _answers(cell)
    return "\n".join(lines) + "\n"


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
    level = cell.options.get("level")
    told = f"{cell.options.get('title', '')}{f' (practice, {level})' if level else ''}"
    return f"| `{name}` | {told} | {model.exercises[name]} |"


def _answers(cell: Cell) -> list[str]:
    """What people write, and what each gets to hear; what leads to one sentence stands together."""
    name = str(cell.options["exercise"])
    known = known_answers(name)
    lines = ["", f"### {name}: what people write", "", "| the verdict says | the answer |"]
    lines += ["|---|---|", *_wrong([each for each in known if not each.right])]
    right = [f"- *{_said(each.name)}*: {each.sentence}" for each in known if each.right]
    return [*lines, "", "Right in another way:", "", *right] if right else lines


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
