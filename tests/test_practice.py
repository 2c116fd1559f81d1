"""Practice: counted apart from the core path, asked for by the linter, needed by nothing."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from made_material import exercise, write
from typer.testing import CliRunner

from workbook import material, workspace
from workbook.authoring import minutes, practice_rules, questions, render
from workbook.authoring.lesson import LEVELS, Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.authoring.outline import PRACTICE
from workbook.base import paths
from workbook.cli import own_report, status
from workbook.cli.commands import app
from workbook.proof import run_twice
from workbook.site import notebook_page, slides
from workbook.site.diagrams import Diagrams
from workbook.workspace import overview

HEAD = "---\nkernelspec:\n  display_name: Python 3\n  name: python3\n---\n\n# 01 · Made\n\n"
EVERY = [read(path) for path in lessons(paths.ROOT / "lessons")]
WITH = [each for each in EVERY if PRACTICE in minutes.of(each).sections]
SVG = '<svg viewBox="0 0 10 10"></svg>'
ORDER = """```{question} 01.2
asks: In which order?
level: easy
order: [one, two, three]
because: so one counts.
```
"""


def practised(name: str, level: str = "level: easy\n", text: str = "def one():") -> str:
    region = "    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n    ### STUB\n    # ..."
    top = f"---\nexercise: {name}\nnames: [one]\n{level}---"
    return f"```{{code-cell}} ipython3\n{top}\n{text}\n{region}\n```\n"


def checked(name: str) -> str:
    return f'```{{code-cell}} ipython3\nawait lab.check("{name}")\n```\n'


ONE = f"### Exercise, easy: one\n\n{practised('01.one')}\n{checked('01.one')}\n"
LINES = f"### Exercise, easy: lines\n\n{ORDER}\n"
WHOLE = f"## Exit ticket\n\nBye.\n\n## Practice\n\nMore.\n\n{ONE}{LINES}\n## Close\n\nEnd.\n"


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A lesson of this text, whose notebook has to have practice."""
    monkeypatch.setattr(practice_rules, "NONE_YET", {})

    def made(text: str) -> Lesson:
        (tmp_path / "01_made.md").write_text(HEAD + text, "utf-8")
        return read(tmp_path / "01_made.md")

    return made


def said(made: Lesson) -> list[str]:
    return list(practice_rules.complaints(made))


def test_an_exercise_and_lines_to_order_are_practice_enough(lesson: Any) -> None:
    assert said(lesson(WHOLE)) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("## Practice\n", "## More\n", "no section '## Practice'"),
        ("## Practice\n", "## More\n", "01.one has a level and stands outside"),
        (LINES, "", "has 1 of the 2 exercises or questions"),
        (
            "names: [one]\nlevel: easy\n",
            "names: [one]\n",
            "01.one is practice and has the level ''",
        ),
        ("names: [one]\nlevel: easy\n", "names: [one]\nlevel: hard\n", "there are: easy, harder"),
        ("easy: one\n", "harder: one\n", "its heading says ', easy:'"),
        ("In which order?\nlevel: easy\n", "In which order?\n", "01.2 is practice and has the"),
        ("def one():", "%%myapp app/one.py\ndef one():", "begins with %%"),
        ("Bye.\n", "Bye.\n\n```{code-cell} ipython3\none()\n```\n", "depends on practice"),
        ("## Exit ticket", "## Exit", "stands between '## Exit ticket' and '## Close'"),
    ],
)
def test_the_linter_says_what_practice_lacks(lesson: Any, old: str, new: str, words: str) -> None:
    assert old in WHOLE
    assert words in "\n".join(said(lesson(WHOLE.replace(old, new, 1))))


def test_a_notebook_without_practice_has_a_reason_and_none_with_it(
    lesson: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practice_rules, "NONE_YET", {"01": "it is made up"})
    assert said(lesson("## Exit ticket\n\nBye.\n\n## Close\n")) == []
    assert "take 01 out of NONE_YET" in "\n".join(said(lesson(WHOLE)))


def test_every_reason_is_one_of_a_notebook_that_there_is() -> None:
    without = {each.number for each in EVERY} - {each.number for each in WITH}
    assert practice_rules.NONE_YET.keys() == without
    assert all(practice_rules.NONE_YET.values())


def test_its_minutes_are_in_no_sum_but_its_own(lesson: Any) -> None:
    made = lesson(WHOLE)
    model, bare = minutes.of(made), minutes.of(lesson("## Exit ticket\n\nBye.\n\n## Close\n\nEnd."))
    assert (model.core, model.solving, model.deeper) == (bare.core, 0, 0)
    assert model.practice == model.sections[PRACTICE] > model.exercises["01.one"] > 0
    assert not model.deeper_exercises
    heading = f"## Practice · {model.practice} min"
    assert heading in json.dumps(render.contents(made, True, claims=False), ensure_ascii=False)


def test_material_knows_the_level_of_both_kinds(lesson: Any) -> None:
    facts = render.data(lesson(WHOLE))
    assert [each["level"] for each in facts["exercises"] + facts["questions"]] == ["easy", "easy"]


def test_a_run_of_the_core_path_leaves_it_out_and_the_next_has_each_cell_twice(
    lesson: Any, tmp_path: Path
) -> None:
    made = render.notebook(lesson(f"```{{code-cell}} ipython3\nstart()\n```\n{WHOLE}"), True)
    nbformat.write(made, tmp_path / "one.ipynb")
    run_twice.write(tmp_path / "one.ipynb", tmp_path / "twice.ipynb")
    cells = [
        each.source.splitlines()[0] for each in nbformat.read(tmp_path / "twice.ipynb", 4).cells
    ]
    practice = ["def one():", 'await lab.check("01.one")', 'lab.guess("01.2", "cab")']
    assert [*cells[:2], *cells[2:5]] == ["start()", "start()", *practice], cells
    assert cells[5:] == practice


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> material.Notebook:
    """Somebody with one notebook: an exercise, a question, and one of each as practice."""
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "work"))
    monkeypatch.setenv("WORKBOOK_MATERIAL", str(tmp_path))
    (tmp_path / "work").mkdir()
    write(tmp_path, "01_made", {}, exercise("01.get"), exercise("01.more", level="harder"))
    path = tmp_path / "01_made.json"
    asked = {"id": "01.1", "kind": "number", "predicts": False, "shown": [], "right": "1"}
    asked |= {"up_to": "", "because": "", "but": {}, "lines": 0, "cell": ""}
    facts = json.loads(path.read_text()) | {
        "questions": [asked, asked | {"id": "01.2", "level": "easy"}]
    }
    path.write_text(json.dumps(facts))
    return material.notebook("01")


def test_it_is_counted_beside_core_and_questions(learner: material.Notebook) -> None:
    workspace.record("01.more", "right", "x")
    one = overview.standing(learner, workspace.read())
    assert (one.right, one.total) == (0, 1)
    assert list(one.practice.items()) == [("easy", (0, 1)), ("harder", (1, 1))]
    assert (one.answered, one.questions) == (0, 1) and one.open == ("01.get",)
    workspace.record("01.get", "right", "x")
    workspace.record("01.2", "right", "x")
    one = overview.standing(learner, workspace.read())
    assert one.is_done and not one.open and one.answered == 0
    assert one.practice == {"easy": (1, 1), "harder": (1, 1)}


def test_who_skips_it_has_nothing_left_to_do(learner: material.Notebook) -> None:
    workspace.record("01.get", "right", "x")
    assert overview.standing(learner, workspace.read()).is_done
    assert "1 of 1 right; practice: 0 of 1 easy, 0 of 1 harder right" in status.text()
    assert "1 of 1 exercises are right." in status.text()


def test_status_prints_the_counts_as_data_and_the_report_has_the_same(
    learner: material.Notebook,
) -> None:
    workspace.record("01.more", "right", "x")
    printed = json.loads(CliRunner().invoke(app, ["status", "--json"]).output)
    counts = printed["notebooks"]["01"]
    assert counts["exercises"] == {"right": 0, "of": 1, "open": ["01.get"]}
    easy, harder = {"right": 0, "of": 1}, {"right": 1, "of": 1}
    levels = {"easy": easy, "harder": harder}
    assert counts["practice"] == {"right": 1, "of": 2, "levels": levels}
    assert counts["questions"] == {"answered": 0, "right_at_once": 0, "of": 1}
    told = json.loads(own_report.as_json(""))
    assert told["notebooks"] == printed["notebooks"]
    page = own_report.write(None, "").read_text("utf-8")
    assert (
        "01.more Get (practice, harder)" in page
        and "Practice: 0 of 1 easy, 1 of 1 harder right." in page
    )


@pytest.mark.parametrize("each", WITH, ids=lambda each: each.path.stem)
def test_no_file_of_the_app_comes_from_practice(each: Lesson) -> None:
    known = [e for e in material.notebook(each.number).exercises if e.level]
    assert [e.id for e in known] == [str(cell.options["exercise"]) for cell in each.beyond]
    assert all(e.path is None and e.level in LEVELS for e in known)
    asked = [questions.asked(fence).level for fence in questions.of(each)]
    assert len(known) + len(list(filter(None, asked))) >= 2


@pytest.mark.parametrize("each", WITH, ids=lambda each: each.path.stem)
def test_a_heading_says_the_level_of_each_in_the_notebook_and_on_its_page(each: Lesson) -> None:
    known = material.notebook(each.number)
    levels = sorted(one.level for one in (*known.exercises, *known.questions) if one.level)
    handed_out = nbformat.read(paths.ROOT / "notebooks" / f"{each.path.stem}.ipynb", 4).cells
    for cells in (handed_out, notebook_page.solved_cells(each)):
        text = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
        assert sorted(re.findall(r"^### .+, (easy|harder): ", text, re.M)) == levels != []


@pytest.mark.parametrize("each", WITH, ids=lambda each: each.path.stem)
def test_a_page_says_its_minutes_and_the_slides_leave_it_out(each: Lesson) -> None:
    assert f"and {minutes.of(each).practice} more for practice" in notebook_page.told(each)
    drawn = Diagrams({text.strip(): SVG for text in notebook_page.mermaid(each)})
    deck = slides.deck(each, notebook_page.solved_cells(each), drawn)
    assert "Exit ticket" in deck and PRACTICE not in deck
    assert not any(str(cell.options["title"]) in deck for cell in each.beyond)


def _names(cells: list[str], kind: type[ast.expr_context]) -> set[str]:
    """The names that these cells give a value, or use, outside of functions and classes."""
    waiting: list[ast.AST] = [ast.parse(cell) for cell in cells]
    found = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, kind):
            found.add(node.id)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("lesson", WITH, ids=lambda each: each.number)
def test_who_came_for_practice_alone_is_told_how_to_close(lesson: Lesson) -> None:
    """Their closing cell knew no `engine`, so that `lab.close()` was never called."""
    path = paths.ROOT / "notebooks" / f"{lesson.path.stem}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    code = [each.source for each in cells if each.cell_type == "code"]
    heading = re.compile("^## Practice", re.M)
    first = next(number for number, cell in enumerate(cells) if heading.search(cell.source))
    practised = [each.source for each in cells[first:-2] if each.cell_type == "code"]
    known = _names([code[0], *(each for each in practised if "%%" not in each)], ast.Store)
    unknown = _names([code[-1]], ast.Load) - known
    assert bool(unknown) == ("*Practice* alone, leave" in cells[-2].source), unknown
