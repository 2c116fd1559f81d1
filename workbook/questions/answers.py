"""An answer in its one form, however the learner wrote it: `b`, `bca`, `3`."""

import re
from collections.abc import Sequence

from workbook.base.problem import Problem
from workbook.material import Question

Given = str | int | float | Sequence[str]
"""What `lab.guess` takes: a letter, letters in their order (also as a list), or a number."""
BETWEEN = re.compile(r"[\s,;>()\[\].-]+")
"""What people write between letters, and around them."""
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def canonical(question: Question, given: object) -> str:
    """The answer in its one form, empty where none was given; Problem where it is none."""
    text = _text(question, given)
    if not text:
        return ""
    if question.kind == "choice":
        return _choice(question, text)
    return _order(question, text) if question.kind == "order" else _number(question, text)


def letters(question: Question) -> str:
    """The letters of what it shows: `abc` for three choices."""
    return LETTERS[: len(question.shown)]


def how(question: Question) -> str:
    """What one writes, for the middle of a sentence."""
    known = letters(question)
    if question.kind == "choice":
        return f"{', '.join(known[:-1])} or {known[-1]}"
    if question.kind == "order":
        return f"{', '.join(known[:-1])} and {known[-1]}, each once, in your order,"
    return "the number of the line" if question.kind == "line" else "a number"


def _text(question: Question, given: object) -> str:
    if isinstance(given, list | tuple) and all(isinstance(each, str) for each in given):
        return " ".join(given).strip()
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise _problem(question, repr(given))
    return str(given).strip()


def _choice(question: Question, text: str) -> str:
    letter = BETWEEN.sub("", text).lower()
    if len(letter) != 1 or letter not in letters(question):
        raise _problem(question, repr(text))
    return letter


def _order(question: Question, text: str) -> str:
    order, known = BETWEEN.sub("", text).lower(), letters(question)
    if sorted(order) != list(known):
        raise _problem(question, repr(text))
    return order


def _number(question: Question, text: str) -> str:
    if not NUMBER.fullmatch(text):
        raise _problem(question, repr(text))
    number = f"{float(text):g}" if abs(float(text)) < 1e6 else text
    if question.kind == "line" and number not in map(str, range(1, question.lines + 1)):
        raise Problem(f"The code has the lines 1 to {question.lines}; {text} is none of them.")
    return number


def _problem(question: Question, said: str) -> Problem:
    return Problem(f"{said} is no answer here: write {how(question)} between the quotes.")
