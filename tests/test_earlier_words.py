"""What is said to a learner of a notebook has no word that a later notebook explains."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from workbook import dictionary, material
from workbook.base import paths
from workbook.checks import unexpected
from workbook.dictionary import earlier
from workbook.lab.explain import explain
from workbook.material.known_answers import known_answers

SQL = re.compile(r"\s*(?:[A-Z]{2,}\b[ \n(;]|[a-z ]+$)")
"""What a checker sends to PostgreSQL, and names of things: no sentences."""
NAMED = re.compile(r"notebook \d\d\)")


def said_of_exercises() -> Iterator[tuple[str, str, str]]:
    """Each text around an exercise or a question: the notebook, where it stands, the text."""
    for notebook in material.notebooks():
        for each in notebook.exercises:
            right = [answer.sentence for answer in known_answers(each.id) if answer.right]
            for text in (each.why, each.try_next, *each.hints, *right):
                yield notebook.number, each.id, text
        for asked in notebook.questions:
            for text in (asked.asks, *asked.shown, asked.because, *asked.but.values()):
                yield notebook.number, asked.id, text


def said_by_checkers() -> Iterator[tuple[str, str, str]]:
    """Each sentence in a module of checks, without its docstrings."""
    for path in sorted((paths.ROOT / "workbook" / "checks").glob("nb[0-9][0-9]/*.py")):
        for line, text in _sentences(path):
            yield path.parent.name[2:], f"{path.parent.name}/{path.name}:{line}", text


def _sentences(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    texts = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        text = each.value if isinstance(each, ast.Constant) else ""
        is_said = isinstance(text, str) and " " in text and not SQL.match(text)
        if is_said and id(each) not in texts:
            yield each.lineno, text


def later(text: str, notebook: str) -> list[str]:
    """The words of later notebooks that a text has."""
    prose, code = re.sub(r"`[^`]*`", "``", text), re.findall(r"`([^`]*)`", text)
    words = earlier._words(*earlier._file())
    return [w.forms[0] for w in words if w.lesson > notebook and w.stands_in(prose, code)]


def test_what_is_said_of_exercises_waits_for_no_later_notebook() -> None:
    found = [
        (where, words) for nn, where, text in said_of_exercises() if (words := later(text, nn))
    ]
    assert found == []


def test_what_checkers_say_waits_for_no_later_notebook() -> None:
    found = [(where, words) for nn, where, text in said_by_checkers() if (words := later(text, nn))]
    assert found == []


def test_an_entry_of_a_notebook_names_the_later_one_whose_word_it_has() -> None:
    found = [
        (each.notebook[:2], text, words)
        for each in material.errors()
        for text in (each.means, *each.causes, each.fix)
        if each.notebook and not NAMED.search(text) and (words := later(text, each.notebook[:2]))
    ]
    assert found == []


def tried(cell: str) -> asyncpg.PostgresError:
    """The error that PostgreSQL sends for a mistyped column, as a fresh server words it."""
    error = asyncpg.UndefinedColumnError(f'column "{cell}" does not exist')
    error.sqlstate = "42703"
    return error


def test_an_early_notebook_hears_first_what_it_can_understand() -> None:
    early, late = explain(tried("state"), "00").text, explain(tried("state"), "03").text
    assert early.index("The name is mistyped") < early.index("words of a later notebook")
    assert early.index("words of a later notebook") < early.index("The model changed")
    assert late.index("(1) The model changed") < late.index("The name is mistyped")
    assert "upgrade" not in early.partition("Fix:")[2].partition("You meet")[0]


@pytest.mark.parametrize("notebook", ["00", "01"])
def test_a_verdict_gives_advice_in_words_that_were_explained(notebook: str) -> None:
    found = [(each.title, words) for each in material.errors()
             for text in unexpected.advice(each, notebook).values()
             if (words := later(text, notebook)) and text != each.means]  # fmt: skip
    assert found == []


def test_a_sentence_with_a_later_word_is_left_out() -> None:
    text = "Say it: `CAST($1 AS text)`. In SQLAlchemy's `text` that is `CAST(:name AS text)`."
    assert dictionary.known_part(text, "00") == "Say it: `CAST($1 AS text)`."
    assert dictionary.known_part(text, "01") == dictionary.known_part(text, "") == text


UNEXPLAINED = re.compile(r"\bproduction\b|\breleases?\b(?![ -]notes|`)")
"""Words that no notebook explains: the app's own database, a deploy."""


def test_a_lesson_has_no_word_of_the_trade_that_none_explains() -> None:
    lessons = sorted((paths.ROOT / "lessons").glob("[0-9][0-9]_*.md"))
    texts = [(each.name, each.read_text("utf-8")) for each in lessons]
    texts += [(each, text) for _, each, text in said_of_exercises()]
    lines = [(where, line) for where, text in texts for line in text.splitlines()]
    without_code = [(where, re.sub(r"`[^`]*`", "", line)) for where, line in lines]
    assert [each for each in without_code if UNEXPLAINED.search(each[1])] == []
