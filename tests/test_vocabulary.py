"""A solution uses what was shown, and a term is used after its explanation."""

from pathlib import Path

import pytest

from workbook.authoring import glossary, lint, render, vocabulary
from workbook.authoring.lesson import Cell, Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths
from workbook.base.problem import Problem

SOLUTION = "### BEGIN SOLUTION\n{}\n### END SOLUTION\n### STUB\n# ..."


def lesson(*cells: Cell) -> Lesson:
    """Lesson 01 with these cells."""
    return Lesson(Path("01_made.md"), list(cells), [])


def exercise(solution: str, before: str = "import connection", name: str = "01.a") -> Cell:
    """An exercise with this solution behind this beginning of its stub."""
    return Cell("code", f"{before}\n{SOLUTION.format(solution)}", name, {"exercise": name})


def unseen(*cells: Cell) -> list[list[str]]:
    """What each exercise uses unseen."""
    return [words for _, _, words in vocabulary.unseen([lesson(*cells)])]


SHOWN = Cell("code", "connection = await driver.connect(url)", "c")


@pytest.mark.parametrize(("solution", "words"), [
    ("rows = await connection.fetch('SELECT a FROM b')", ["fetch"]),
    ("rows = await driver.connect(url, timeout=3)", ["timeout"]),
    ("await driver.connect('SELECT a FROM b ORDER BY a')", ["BY", "ORDER"]),
    ("from driver import errors\nraise errors", ["errors"]),
    ("own = sorted(url)\nown.append(1)", []),
])  # fmt: skip
def test_what_a_solution_uses_unseen_is_named(solution: str, words: list[str]) -> None:
    assert unseen(SHOWN, exercise(solution)) == [words]


def test_a_word_of_the_text_is_shown_as_code_only() -> None:
    fetch = exercise("await connection.fetch(url)", before="url = 1")
    for text, words in {
        "Now fetch it.": ["fetch"],
        "`connection.fetch(sql)` gives rows.": [],
        "```python\nawait connection.fetch(sql)\n```": [],
        "```mermaid\nflowchart\n fetch\n```": ["fetch"],
    }.items():
        assert unseen(SHOWN, Cell("markdown", text, "m"), fetch) == [words], text


def test_an_import_in_a_stub_and_an_earlier_solution_show_nothing() -> None:
    first = exercise("await fetch(url)", before="from connection import fetch\nurl = 1")
    second = exercise("await fetch(url)", before="url = 1", name="01.b")
    assert unseen(first, second) == [["fetch"], ["fetch"]]


def test_words_of_a_file_that_is_no_python_are_looked_for_too() -> None:
    solution = SOLUTION.format("  db:\n    restart: always")
    text = f"%%myapp compose.yaml\nservices:\n{solution}"
    made = Cell("code", text, "c", {"exercise": "01.a"})
    assert unseen(Cell("markdown", "`services:`", "m"), made) == [["always", "restart"]]


def test_the_lessons_show_what_their_solutions_use() -> None:
    every = [read(path) for path in lessons(paths.ROOT / "lessons")]
    assert {name: words for _, name, words in vocabulary.unseen(every) if words} == {}


TERMS = """
- {term: savepoint, also: [savepoints], means: A mark inside a "transaction"., lesson: "01",
   words: "A **savepoint** marks a place"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two lessons, and a glossary of one term, which the first one explains in its second cell."""
    head = "---\nkernelspec: {display_name: Python 3, name: python3}\n---\n\n"
    first = "# 01 · One\n\nPlain.\n\n+++\n\nA **savepoint**\nmarks a place.\n"
    second = "# 02 · Two\n\nA `savepoint` in code.\n\n+++\n\nTwo Savepoints, one savepoint.\n"
    (tmp_path / "01_one.md").write_text(head + first, "utf-8")
    (tmp_path / "02_two.md").write_text(head + second, "utf-8")
    (tmp_path / glossary.FILE).write_text(TERMS, "utf-8")
    return tmp_path


def every(folder: Path) -> list[Lesson]:
    """The lessons of a folder."""
    return [read(path) for path in lessons(folder)]


def test_the_first_use_in_a_later_notebook_is_linked_to_the_cell_that_explains_it(
    folder: Path,
) -> None:
    first, second = every(folder)
    assert glossary.complaints([first, second]) == []
    where = f"(01_one.ipynb#cell-id={first.cells[1].id} \"A mark inside a 'transaction'.\")"
    cells = render.contents(second, False, claims=False)["cells"]
    assert cells[1]["source"] == f"Two [Savepoints]{where}, one savepoint."
    assert "`savepoint` in code" in cells[0]["source"]
    assert "](" not in str(render.contents(first, False, claims=False)["cells"])
    assert "- **savepoint**: A mark" in glossary.page(folder)


def test_a_term_that_is_used_before_its_explanation_is_said(folder: Path) -> None:
    path = folder / "01_one.md"
    path.write_text(path.read_text("utf-8").replace("Plain.", "Two savepoints."), "utf-8")
    said = "01_one.md: 'savepoint' is used before notebook 01 explains it: 'Two savepoints.'"
    assert glossary.complaints(every(folder)) == [said]


def test_a_term_of_an_early_notebook_that_a_late_one_explains_is_said(folder: Path) -> None:
    first = folder / "01_one.md"
    first.write_text(first.read_text("utf-8").replace("Plain.", "A savepoint."), "utf-8")
    text = TERMS.replace('"01"', '"02"').replace("A **savepoint** marks a place", "Two Savepoints")
    (folder / glossary.FILE).write_text(text, "utf-8")
    assert (
        "01_one.md: 'savepoint' is used before notebook 02" in glossary.complaints(every(folder))[0]
    )


@pytest.mark.parametrize(("old", "new", "said"), [
    ('a place"', 'nothing"', "lesson 01 has no words 'A **savepoint** marks nothing'"),
    ('"01"', '"07"', "lesson 07 has no words"),
])  # fmt: skip
def test_a_term_without_a_place_is_said(folder: Path, old: str, new: str, said: str) -> None:
    (folder / glossary.FILE).write_text(TERMS.replace(old, new), "utf-8")
    assert said in glossary.complaints(every(folder))[0]


def test_an_entry_of_another_shape_is_said(folder: Path) -> None:
    (folder / glossary.FILE).write_text(TERMS.replace("means", "meaning"), "utf-8")
    with pytest.raises(Problem, match=r"glossary\.yaml: "):
        glossary.complaints(every(folder))


def test_the_lint_of_all_lessons_asks_for_both(folder: Path) -> None:
    path = folder / "01_one.md"
    path.rename(folder / "91_one.md")
    (folder / glossary.FILE).write_text(TERMS.replace('"01"', '"95"'), "utf-8")
    assert any("lesson 95 has no words" in each for each in lint.of_all(every(folder)))


DEEPER = TERMS.replace('"}', '", again: "A savepoint is a mark"}')


@pytest.mark.parametrize(("second", "said"), [
    ("Two Savepoints.", ["02_two.md: only a deeper block explains 'savepoint': 'Two Savepoints'"]),
    ("- (Deeper) Two Savepoints.", []),
    ("A savepoint is a mark.\n\n+++\n\nTwo Savepoints.", []),
    ("### Deeper: b\n\nTwo Savepoints.", []),
])  # fmt: skip
def test_a_core_path_explains_again_what_a_deeper_block_explained(
    folder: Path, second: str, said: list[str]
) -> None:
    for name, text in {"01_one": "Plain.\n\n### Deeper: a\n\n+++\n", "02_two": ""}.items():
        path = folder / f"{name}.md"
        head, _, rest = path.read_text("utf-8").partition("Plain.\n" if text else "\n\nA `save")
        path.write_text(f"{head}{text}{rest}" if text else f"{head}\n\n{second}\n", "utf-8")
    (folder / glossary.FILE).write_text(DEEPER, "utf-8")
    assert glossary.complaints(every(folder)) == said


def test_what_only_a_deeper_block_shows_is_unseen_for_the_core() -> None:
    deeper = Cell("markdown", "### Deeper: a\n\n`connection.fetch(sql)`", "d")
    core = Cell("markdown", "### b", "m")
    fetch = exercise("await connection.fetch(url)", before="url = 1")
    again = exercise("await connection.fetch(url)", before="url = 1", name="01.b")
    assert unseen(SHOWN, deeper, fetch, core, again) == [[], ["fetch"]]
