"""The other right answers that are known to an exercise, as a person reads them."""

from dataclasses import replace

from workbook.material import Exercise
from workbook.material.known_answers import KnownAnswer, known_answers
from workbook.myapp import tidy


def right_answers(exercise: Exercise) -> list[KnownAnswer]:
    """Each with how it differs as a whole sentence, and Python as ruff writes it."""
    found = [each for each in known_answers(exercise.id) if each.right]
    texts = [each.text for each in found]
    if is_python(exercise):
        texts = tidy.code(texts)
    return [
        replace(each, sentence=_sentence(each.sentence), text=text.strip("\n"))
        for each, text in zip(found, texts, strict=True)
    ]


def is_python(exercise: Exercise) -> bool:
    """Whether the answer is Python: in the notebook, or in a file of the app."""
    return exercise.path is None or exercise.path.endswith(".py")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
