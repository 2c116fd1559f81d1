"""Whose code runs: the learner's where an answer is accepted, the reference's elsewhere."""

from pathlib import Path

import made_material
import pytest

from workbook import material, workspace
from workbook.base import paths
from workbook.myapp import formats, standin, submission
from workbook.myapp.app import App, AppFile, Origin

PATH = "app/shifts.py"
FIRST = "import os\n\n\ndef who():\n    return os.sep\n"
SECOND = '"""Shifts."""\n\n\ndef who():\n    return 2\n\n\ndef when():\n    return 3\n'
MINE = "def who():\n    return 20\n"


def exercise(id: str, *names: str) -> dict[str, object]:
    stub = "\n\n".join(f"def {name}(): ..." for name in names)
    return made_material.exercise(id, title=id, names=names, path=PATH, stub=stub)


@pytest.fixture(autouse=True)
def lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "work"))
    monkeypatch.setenv("WORKBOOK_MATERIAL", str(tmp_path))
    first, second = {PATH: FIRST, "app/main.py": "import app.shifts\n"}, {PATH: SECOND}
    made_material.write(tmp_path, "01_x", first, exercise("01.who", "who"))
    two = exercise("02.who", "who"), exercise("02.when", "when")
    made_material.write(tmp_path, "02_x", second, *two)


def write(text: str, path: str = PATH) -> None:
    workspace.write(paths.myapp() / path, text)


def found_right(id: str, text: str) -> None:
    workspace.record(id, "right", submission.digest(material.exercise(id), text))


def test_a_file_that_is_not_there_or_does_not_parse_is_the_references() -> None:
    assert standin.app("02").files[PATH] == AppFile(SECOND, (), "it is not there yet")
    write("def who(:\n")
    assert standin.app("02").files[PATH] == AppFile(SECOND, (), "it does not parse")


@pytest.mark.parametrize("text", [FIRST, SECOND])
def test_the_reference_of_this_or_an_earlier_notebook_is_accepted(text: str) -> None:
    write(text)
    assert standin.app("02").files[PATH] == AppFile(text)


def test_the_reference_of_a_later_notebook_is_not_accepted() -> None:
    write(SECOND)
    made = standin.app("01").files[PATH]
    assert made.reference_for == ("01.who",)
    assert "return os.sep" in made.text


def test_an_answer_that_nobody_found_right_gets_the_references_definition() -> None:
    write(MINE + "\n\ndef mine(): ...\n")
    made = standin.app("02").files[PATH]
    assert made.reference_for == ("01.who", "02.who")
    assert "return 2\n" in made.text and "def mine()" in made.text
    assert made.origin is Origin.MIXED
    assert (paths.myapp() / PATH).read_text().startswith(MINE)


@pytest.mark.parametrize("rival", ["01.who", "02.who"])
def test_an_answer_that_is_right_for_one_of_two_rivals_is_accepted(rival: str) -> None:
    write(MINE)
    found_right(rival, MINE)
    assert standin.app("02").files[PATH] == AppFile(MINE)
    write(MINE.replace("20", "21"))
    assert standin.app("02").files[PATH].reference_for == ("01.who", "02.who")


def test_an_answer_that_is_right_for_an_exercise_on_another_name_is_not() -> None:
    text = MINE + "\n\ndef when():\n    return 30\n"
    write(text)
    found_right("02.when", text)
    made = standin.app("02").files[PATH]
    assert made.reference_for == ("01.who", "02.who")
    assert "return 30" in made.text and "return 2\n" in made.text


def test_what_is_not_there_is_not_lent() -> None:
    write("mine = 1\n")
    assert standin.app("02").files[PATH] == AppFile("mine = 1\n")


def test_the_answer_under_check_is_never_replaced_and_its_neighbours_are() -> None:
    write("saved = 'something else'\n")
    text = MINE + "\n\ndef when():\n    return 30\n"
    made = standin.app("02", "02.who", text).files[PATH]
    assert made.reference_for == ("02.when",)
    assert "return 20" in made.text and "return 3\n" in made.text
    assert standin.app("02", "02.who", "def who(:").files[PATH] == AppFile("def who(:")


def test_files_of_the_learners_own_are_there_without_what_tools_keep() -> None:
    write("own = 1\n", "app/own.py")
    write("x", "app/__pycache__/own.pyc")
    write("x", ".mypy_cache/own.json")
    assert set(standin.app("02").files) == {PATH, "app/main.py", "app/own.py"}


def test_whose_code_runs_is_said_in_one_place() -> None:
    mine = App.of({"app/a.py": "import app.b\n", "app/b.py": "", "tests/c.py": ""})
    assert mine.origin is Origin.LEARNER
    assert mine.with_the_reference() == ""
    assert mine.whose("app/a.py") == "yours, from myapp/app/a.py."
    assert list(mine.needed_by("app/a.py").files) == ["app/a.py", "app/b.py"]
    mixed = App(mine.files | {"app/b.py": AppFile("", ("02.b", "01.b"))})
    assert mixed.origin is Origin.MIXED
    words = "yours, with the reference for 01.b, 02.b until those are right."
    assert mixed.whose("app/a.py") == words
    lacking = App(mixed.files | {"app/b.py": AppFile("", (), "it is not there yet")})
    assert lacking.with_the_reference() == "with the reference for app/b.py"
    words = "with the reference for myapp/app/b.py (it is not there yet)"
    assert lacking.with_the_reference(reasons=True) == words
    assert lacking.whose("app/a.py") == f"yours, {words}."
    words = "the reference version, because myapp/app/b.py: it is not there yet."
    assert lacking.whose("app/b.py") == words
    assert lacking.only(["app/b.py"]).origin is Origin.REFERENCE


def test_files_that_the_learner_has_not_written_yet_are_left_out_of_one_folder() -> None:
    write("", "tests/own.py")
    app = App.of({"app/a.py": "", "tests/own.py": "", "tests/later.py": ""})
    assert list(app.without_unwritten("tests/").files) == ["app/a.py", "tests/own.py"]


@pytest.mark.parametrize("caught_up", [True, False])
def test_whoever_solves_every_exercise_as_the_reference_does_runs_on_their_own(
    caught_up: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also between two exercises on one file, whose imports the next answer may begin to use."""
    monkeypatch.delenv("WORKBOOK_MATERIAL")
    for notebook in material.notebooks():
        if caught_up or notebook.number == "00":
            workspace.catch_up(notebook.number)
        for each in notebook.exercises:
            if each.path:
                own = paths.myapp() / each.path
                kind, text = formats.for_path(each.path), own.read_text() if own.exists() else ""
                text = kind.merge(text, each.solution)
                write(text, each.path)
                found_right(each.id, text)
                assert standin.app(notebook.number).exercises_from_reference() == []
