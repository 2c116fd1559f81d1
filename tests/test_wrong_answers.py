"""The sentences of wrong answers, by which whoever teaches finds what a learner wrote."""

import re

import pytest

from workbook import material
from workbook.material.known_answers import KnownAnswer, known_answers

WRONG = [
    answer
    for notebook in material.notebooks()
    for exercise in notebook.exercises
    for answer in known_answers(exercise.id)
    if not answer.right
]


def unfit(sentence: str) -> str:
    """Why nobody finds a verdict by this sentence; empty where it can be found."""
    if re.search(r"\byour cell, line \d", sentence):
        return "a learner's line has another number"
    if len(sentence.split()) < 2 and "`" not in sentence:
        return "one word stands in many verdicts"
    return ""


@pytest.mark.parametrize("answer", WRONG, ids=lambda each: f"{each.exercise}-{each.name}")
def test_a_verdict_is_found_by_the_sentence_of_the_page(answer: KnownAnswer) -> None:
    assert unfit(answer.sentence) == ""


@pytest.mark.parametrize("sentence", ["PostgreSQL", "your cell, line 7", "NoResultFound"])
def test_a_word_or_a_line_finds_nothing(sentence: str) -> None:
    assert unfit(sentence)
