"""A cell with an answer and no line `%%myapp …` above it: the check says what was not done."""

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from workbook import material
from workbook.checks import unwritten
from workbook.checks.verdict import Verdict

PYTHON = material.exercise("07.intake")
COMPOSE = material.exercise("09.ready")
DOCKERFILE = material.exercise("09.image")
ALL = (PYTHON, COMPOSE, DOCKERFILE)
ASKS = "await lab.check('07.intake')"
GO_ON = "Make that line the first of the cell, run the cell, then this one."
UNTOUCHED = (("Your turn", "Write it in the cell above, run that cell, then this one."),)


def said(exercise: material.Exercise, *cells: str, kind: str = "not attempted") -> str:
    """What is told of a file that was not written, after these cells."""
    shell = TransformerManager()  # type: ignore[no-untyped-call, unused-ignore]
    history = ["", *map(shell.transform_cell, cells), shell.transform_cell(ASKS)]
    verdict = Verdict(kind, exercise.id, exercise.title, UNTOUCHED)  # type: ignore[arg-type]
    told = unwritten.told(exercise, verdict, {"In": history})
    return dict(told.lines).get("Not written", "")


@pytest.mark.parametrize("exercise", ALL, ids=lambda each: each.id)
def test_an_answer_without_the_line_is_told(exercise: material.Exercise) -> None:
    told = said(exercise, exercise.solution)
    assert f"lacks the line `%%myapp {exercise.path}`, so" in told
    assert told.endswith(GO_ON)


@pytest.mark.parametrize("exercise", ALL, ids=lambda each: each.id)
def test_an_answer_with_the_line_further_down_is_told(exercise: material.Exercise) -> None:
    told = said(exercise, f"# mine\n%%myapp {exercise.path}\n{exercise.solution}")
    assert f"has the line `%%myapp {exercise.path}`, and not as its first, so" in told


@pytest.mark.parametrize("exercise", ALL, ids=lambda each: each.id)
def test_an_answer_that_was_written_is_not(exercise: material.Exercise) -> None:
    assert not said(exercise, f"%%myapp {exercise.path}\n{exercise.solution}")
    assert not said(exercise, exercise.solution, f"%%myapp {exercise.path}\n{exercise.solution}")


def test_nor_are_cells_that_have_something_else() -> None:
    assert not said(PYTHON)
    assert not said(PYTHON, "x = 1")
    assert not said(PYTHON, "def intake(:")
    for exercise in (COMPOSE, DOCKERFILE):
        assert not said(exercise, "x = 1")


def test_a_hint_in_between_hides_nothing() -> None:
    assert said(PYTHON, PYTHON.solution, 'lab.hint("07.intake")', ASKS)


def test_a_right_answer_is_left_alone() -> None:
    assert not said(PYTHON, PYTHON.solution, kind="right")
