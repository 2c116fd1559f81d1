"""What `lab.others` shows is right itself: an import for its effect is not tidied away."""

import ast
import re

import pytest

from workbook import material
from workbook.myapp.right_answers import is_python, right_answers

EVERY = [each for notebook in material.notebooks() for each in notebook.exercises]
PYTHON = [each.id for each in EVERY if is_python(each)]
FOR_ITS_EFFECT = re.compile(r"^import (\S+)  # noqa: F401", re.M)


def _imported(text: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def _without_its_words(text: str) -> str:
    """What it does: docstrings and comments make no other answer of it."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            docstring = ast.get_docstring(node) is not None
            node.body = node.body[docstring:] or [ast.Pass()]
    return ast.dump(tree)


@pytest.mark.parametrize("name", PYTHON)
def test_what_is_shown_is_another_way(name: str) -> None:
    exercise = material.exercise(name)
    ways = [exercise.solution, *(each.text for each in right_answers(exercise))]
    assert len({_without_its_words(each) for each in ways}) == len(ways)


@pytest.mark.parametrize("name", PYTHON)
def test_what_is_shown_is_said_in_a_sentence(name: str) -> None:
    for shown in right_answers(material.exercise(name)):
        assert re.fullmatch(r"[^a-z].*[^.]\.", shown.sentence)


@pytest.mark.parametrize(
    "name", [each for each in PYTHON if FOR_ITS_EFFECT.search(material.exercise(each).solution)]
)
def test_an_import_for_its_effect_is_shown(name: str) -> None:
    exercise = material.exercise(name)
    wanted = set(FOR_ITS_EFFECT.findall(exercise.solution))
    for shown in right_answers(exercise):
        assert wanted <= _imported(shown.text), shown.sentence
