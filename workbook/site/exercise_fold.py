"""An exercise on a page: the task's cell, hints one by one, and a right answer behind a click."""

from html import escape
from pathlib import Path
from typing import Any

from workbook.authoring.lesson import Cell
from workbook.material import Exercise, Question
from workbook.myapp.right_answers import is_python, right_answers
from workbook.site.edition import Edition
from workbook.site.outputs import in_words

LANGUAGES = {".yml": "yaml", "": "docker", ".ini": "ini", ".txt": "text"}
Made = list[dict[str, Any]]
"""Cells of a notebook."""


def markdown(text: str) -> dict[str, Any]:
    """A cell of text."""
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(source: str, outputs: Made | None = None, count: int | None = None) -> dict[str, Any]:
    """A cell of code, with what it once showed, and that in words where it is a picture."""
    words = in_words(source, outputs or [])
    return {
        "cell_type": "code",
        "metadata": {"mystnb": {"image": {"alt": words}}} if words else {},
        "source": source,
        "outputs": outputs or [],
        "execution_count": count,
    }


def fold(summary: str, inner: Made, kind: str = "answer", opened: bool = False) -> Made:
    """These cells behind a click."""
    state = " open" if opened else ""
    head = f'<details class="nw-{kind}"{state}><summary>{summary}</summary>\n'
    return [markdown(head), *inner, markdown("</details>\n")]


def typed(cell: Cell, exercise: Exercise | None, solved: dict[str, Any], edition: Edition) -> Made:
    """A cell in which the learner writes; `solved` is the same with a right answer and outputs."""
    hints = exercise.hints if exercise else ()
    made = [code(cell.stubbed())]
    for number, hint in enumerate(hints, 1):
        made += fold(f"Hint {number} of {len(hints)}", [markdown(hint)], "hint")
    what = "One right answer, and what it shows" if solved["outputs"] else "One right answer"
    made += fold(what, [solved, *_reason(exercise)], "answer", _opened(edition))
    return made + (fold("Other right answers", _others(exercise)) if exercise else [])


def question(cell: Cell, asked: Question, edition: Edition) -> Made:
    """A cell that takes an answer; the right one and why, and what is said of each wrong one."""
    wrong = (f"- *{answer}*: {but}\n" for answer, but in sorted(asked.but.items()))
    why = markdown(f"*Because* {asked.because}\n\n{''.join(wrong)}")
    right = fold("The right answer", [code(cell.solved()), why], "answer", _opened(edition))
    return [code(cell.stubbed()), *right]


def _opened(edition: Edition) -> bool:
    return edition is Edition.INSTRUCTOR


def _others(exercise: Exercise) -> Made:
    """Each with how it differs."""
    kind = "python" if is_python(exercise) else LANGUAGES[Path(exercise.path or "").suffix]
    return [
        markdown(
            f"**{each.name.replace('_', ' ').capitalize()}.** {each.sentence}\n\n"
            f"````{kind}\n{each.text}\n````\n"
        )
        for each in right_answers(exercise)
    ]


def _reason(exercise: Exercise | None) -> Made:
    """Why it works, and what to try now."""
    if exercise is None:
        return []
    text = f"*Why it works:* {exercise.why}\n\n*Try now:* {exercise.try_next}"
    return [markdown(text)]


def verdict(check: dict[str, Any], edition: Edition) -> Made:
    """A cell that asks for a verdict: what it says of the right answer gives the reason away."""
    if edition is Edition.INSTRUCTOR:
        return [check]
    alone = check | {"metadata": {"tags": ["remove-input"]}}
    return [code(check["source"]), *fold("The verdict on that answer", [alone])]


def note(kind: str, text: str) -> str:
    """What an instructor is told at this place."""
    return f'<div class="nw-note">\n\n**{escape(kind.title())}:** {text}\n\n</div>\n'
