"""A question as it is asked away from its notebook: in a terminal, or on a card."""

from workbook import material
from workbook.display.card import Card, Cards
from workbook.material import Question
from workbook.questions import answers, recall


def head(question: Question) -> str:
    """Its id, and the notebook that it belongs to."""
    return f"{question.id} · {material.notebook(question.id[:2]).title}"


def code(question: Question) -> str:
    """The code that it asks about, with the numbers of its lines; empty where there is none."""
    lines = enumerate((question.code or question.cell).splitlines(), 1)
    numbered = [f"{number:>2}  {line}".rstrip() for number, line in lines]
    return "\n".join(["The next cell is this one:"] * bool(question.cell) + numbered)


def choices(question: Question) -> str:
    """What it shows to choose from, or to put in order, a line each."""
    pairs = zip(answers.letters(question), question.shown, strict=True)
    return "\n".join(f"{letter}: {each}" for letter, each in pairs)


def text(question: Question) -> str:
    """All of it as plain text."""
    return "\n".join(filter(None, [question.asks, code(question), choices(question)]))


def cards(questions: list[Question]) -> Cards:
    """A card for each, which says how one answers in a notebook."""
    return Cards(tuple(map(_card, questions)) or (_nothing(),))


def _card(question: Question) -> Card:
    how = f'lab.guess("{question.id}", "…") with {answers.how(question)} between the quotes'
    shown = "\n".join(filter(None, [question.asks, choices(question), f"Your turn: {how}."]))
    return Card(head(question), shown, code(question))


def _nothing() -> Card:
    return Card("Nothing is due", later() or "Answer some questions first.")


def later() -> str:
    """When the next question comes back, as a sentence; empty where none is planned."""
    return f"The next question comes back on {day}." if (day := recall.next_day()) else ""


def waiting(count: int) -> Card:
    """That so many questions are due, and how one is asked."""
    what = "A question is due again" if count == 1 else f"{count} questions are due again"
    how = "lab.review() shows them here, and ./wb review asks them in a terminal."
    return Card(what, f"{how} Nothing waits for it.")
