"""Whatever is changed by hand, without building, is noticed."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from workbook import material
from workbook.authoring import build, built, current, error_entries, glossary, lint, readme
from workbook.authoring.lesson import Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths
from workbook.base.problem import Problem

SAMPLE, FIRST = 37, 7
"""One thing in so many is changed, in the first notebook in fewer; both are prime numbers."""
MADE = ("lessons", "notebooks", "solutions", "instructor", "app_reference", "tests/unsolved")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of everything that is made from lessons, which the build takes for the checkout."""
    for name in MADE:
        shutil.copytree(
            paths.ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("checks", "seeds"):
        shutil.copytree(paths.ROOT / "workbook" / name, tmp_path / "workbook" / name)
    for name in (current.DICTIONARY, glossary.PAGE, readme.PAGE):
        shutil.copy(paths.ROOT / name, tmp_path)
    facts = tmp_path / "workbook" / "material"
    shutil.copytree(paths.ROOT / "workbook" / "material", facts)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(material, "__file__", str(facts / "__init__.py"))
    monkeypatch.setenv("WORKBOOK_MATERIAL", str(facts))
    return tmp_path


def complaints(copy: Path) -> list[str]:
    return current.complaints([read(path) for path in lessons(copy / "lessons")])


def test_what_is_committed_is_current(copy: Path) -> None:
    assert complaints(copy) == []


def _each_string(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in some JSON that holds a text: its container and its key."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(items):
        if isinstance(inner, str):
            yield value, key
        elif isinstance(inner, dict | list):
            yield from _each_string(inner)


def _notices_each(lesson: Lesson, path: Path, data: Any, places: list[tuple[Any, Any]]) -> None:
    """Change one text of this JSON at a time: the build complains, and no longer afterwards."""
    text = path.read_text("utf-8")
    for place, key in places[:: _step(path)]:
        before, place[key] = place[key], place[key] + "!"
        path.write_text(built.json_text(data), "utf-8")
        assert current.of_lesson(lesson), f"{path.name}: {before[:200]}"
        place[key] = before
    path.write_text(text, "utf-8")
    assert not current.of_lesson(lesson)


def _step(path: Path) -> int:
    return FIRST if path.stem.startswith("00") else SAMPLE


@pytest.mark.parametrize("folder", ["solutions", "tests/unsolved"])
def test_a_change_of_a_stored_output_is_noticed(copy: Path, folder: str) -> None:
    for lesson in [read(path) for path in lessons(copy / "lessons")]:
        path = copy / folder / f"{lesson.path.stem}.ipynb"
        notebook = json.loads(path.read_text("utf-8"))
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        places = [each for cell in code for each in _each_string(cell["outputs"])]
        assert len(places) > 50
        _notices_each(lesson, path, notebook, places)


def test_what_is_changed_is_named_and_nothing_else_is(copy: Path) -> None:
    lesson = read(copy / "lessons" / "06_transactions.md")
    for path in built.places(lesson).values():
        text = path.read_text("utf-8")
        path.write_text(text.replace("commit", "comit"), "utf-8")
        assert path.read_text("utf-8") != text
        said = f"{path.relative_to(copy).as_posix()} is not what lessons/06_transactions.md makes."
        assert current.of_lesson(lesson) == [f"{said} Run: ./wb build 06"]
        path.write_text(text, "utf-8")


@pytest.mark.parametrize("folder", ["solutions", "tests/unsolved"])
def test_a_run_without_its_outputs_and_a_text_that_is_no_notebook_are_noticed(
    copy: Path, folder: str
) -> None:
    path = copy / folder / "00_first_query.ipynb"
    for broken in ((copy / "notebooks" / path.name).read_text("utf-8"), "", "<<<<<<< HEAD\n"):
        _notices(copy, path, broken)


@pytest.mark.parametrize("folder", ["notebooks", "solutions", "tests/unsolved"])
def test_any_changed_cell_is_noticed(copy: Path, folder: str) -> None:
    for path in sorted((copy / folder).glob("*.ipynb")):
        text = path.read_text("utf-8")
        count = len(json.loads(text)["cells"])
        for number in range(0, count, _step(path)):
            notebook = json.loads(text)
            notebook["cells"][number]["source"][-1:] = ["# changed"]
            _notices(copy, path, built.json_text(notebook))


def test_any_changed_line_of_a_lesson_is_noticed(copy: Path) -> None:
    for path in lessons(copy / "lessons"):
        text = path.read_text("utf-8")
        lines = text.splitlines(keepends=True)
        for number in range(12, len(lines), _step(path)):
            if not lines[number].strip() or lines[number].startswith(("`", "-", "+")):
                continue
            changed = [*lines]
            changed[number] = changed[number].rstrip("\n") + " changed\n"
            _notices(copy, path, "".join(changed))


def test_any_changed_text_of_the_material_is_noticed(copy: Path) -> None:
    for lesson in [read(path) for path in lessons(copy / "lessons")]:
        path = copy / "workbook" / "material" / f"{lesson.path.stem}.json"
        facts = json.loads(path.read_text("utf-8"))
        places = [each for each in _each_string(facts) if each[0] is not facts["digests"]]
        _notices_each(lesson, path, facts, places)


def test_later_notebooks_are_to_be_built_again_where_a_file_of_an_earlier_one_changes(
    copy: Path,
) -> None:
    path = copy / "workbook" / "material" / "08_testing.json"
    facts = json.loads(path.read_text("utf-8"))
    facts["files"]["tests/conftest.py"] += "# changed\n"
    facts["digests"]["files"] = built.digest(built.json_text(facts["files"]))
    path.write_text(built.json_text(facts), "utf-8")
    found = " ".join(complaints(copy))
    assert "10_pooling.json is not what" in found
    assert "07_repositories.json" not in found and "08_testing.json" not in found


def test_a_changed_reference_app_is_noticed(copy: Path) -> None:
    for path in sorted((copy / "app_reference").rglob("*.py")):
        _notices(copy, path, path.read_text("utf-8") + "# changed\n")
    (copy / "app_reference" / "more.py").write_text("", "utf-8")
    assert complaints(copy)


def test_a_changed_error_dictionary_is_noticed(copy: Path) -> None:
    facts = copy / "workbook" / "material" / material.MORE_ERRORS
    for path in (copy / current.DICTIONARY, facts, copy / "lessons" / error_entries.MORE):
        text = path.read_text("utf-8")
        _notices(copy, path, text.replace("no coroutine", "a coroutine", 1))


def test_a_missing_notebook_and_one_too_many_are_noticed(copy: Path) -> None:
    (copy / "notebooks" / "99_more.ipynb").write_text("{}", "utf-8")
    assert "99_more.ipynb has no lesson" in " ".join(complaints(copy))
    (copy / "notebooks" / "99_more.ipynb").unlink()
    (copy / "solutions" / "00_first_query.ipynb").unlink()
    assert "is missing" in " ".join(complaints(copy))


def _notices(copy: Path, path: Path, changed: str) -> None:
    """The check is red with the changed text, and green again without."""
    text = path.read_text("utf-8")
    assert changed != text
    path.write_text(changed, "utf-8")
    about = [each for each in lessons(copy / "lessons") if each.stem == path.stem]
    try:
        found = [line for each in about for line in current.of_lesson(read(each))]
        found = found or current.complaints([])
    except Problem as error:  # a lesson that cannot be read any more is noticed too
        found = [str(error)]
    path.write_text(text, "utf-8")
    assert found, f"not noticed in {path.name}"


def test_nbval_sees_another_output_a_healed_failure_and_what_is_left_behind(tmp_path: Path) -> None:
    notebook = nbformat.read(paths.ROOT / "solutions" / "00_first_query.ipynb", 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    count = next(cell for cell in code if "SELECT count(*)" in cell.source)
    count.outputs[0]["data"]["text/plain"] = "4"
    certified = [cell for cell in code if "raises" in cell.metadata.get("nightwatch", {})]
    certified[0].source = 'question = connection.fetch("SELECT 1")'
    certified[-1].outputs[0]["evalue"] = "another sentence"
    kept = nbformat.v4.new_code_cell("left_open = await asyncpg.connect(lab.url)", id="left-open")
    loud = nbformat.v4.new_code_cell("import sys; sys.stderr.write('unasked')", id="loud")
    later = nbformat.v4.new_code_cell("raise ModuleNotFoundError(\"No module named 'psycopg'\")")
    later.metadata = {"nightwatch": {"raises": "ModuleNotFoundError", "says": "psycopg"}}
    later.metadata["tags"] = ["raises-exception"]
    said = {"ename": "ModuleNotFoundError", "evalue": "No module named 'psycopg'", "traceback": []}
    later.outputs = [nbformat.v4.new_output("error", **said)]
    counted = nbformat.v4.new_code_cell("counted = 3")
    claim = {"sentence": "Four are there", "expression": "await asyncio.sleep(0, counted) == 4"}
    counted.metadata = {"nightwatch": {"holds": [claim | {"expression": "counted == 3"}, claim]}}
    for each in (kept, loud, later, counted):
        each.execution_count = 99
    notebook.cells = [cell for cell in notebook.cells if "lab.close()" not in cell.source]
    notebook.cells += [kept, loud, later, counted]
    path = tmp_path / "00_changed.ipynb"
    nbformat.write(notebook, path)
    run = _nbval(path)
    assert "6 failed" in run, run[-3000:]
    assert run.count("the lesson says 'Four are there', and it is false") == 1
    assert "lab.explain() has another entry for this ModuleNotFoundError" in run
    assert "left behind: the database nightwatch_check_" in run
    assert "Missing output fields from running code" in run
    assert "another sentence" in run
    assert "stderr of this run:\nunasked" in run


def test_nbval_sees_a_cell_that_swallows_its_interruption(tmp_path: Path) -> None:
    """Its output is what is stored, and no later cell of the notebook could fail any more."""
    waits = "import time\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    print('done')"
    cells = [nbformat.v4.new_code_cell(text, execution_count=1) for text in (waits, "1 / 0")]
    cells[0].outputs = [nbformat.v4.new_output("stream", name="stdout", text="done\n")]
    path = tmp_path / "00_waits.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    run = _nbval(path, "--nbval-cell-timeout=2")
    assert "The cell was interrupted at its time limit, and swallowed that" in run
    assert "1 failed, 1 xfailed" in run


def _nbval(path: Path, *options: str) -> str:
    """What a run prints, each failure once; in its summary pytest repeats it where CI is set."""
    command = [sys.executable, "-m", "pytest", "-q", "-rN", "-p", "workbook.proof.nbval_plugin"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "--nbval", *options, str(path)],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode != 0
    return done.stdout


def test_a_lesson_that_lacks_something_is_told_what(copy: Path) -> None:
    path = copy / "lessons" / "00_first_query.md"
    text = path.read_text("utf-8")
    broken = {
        "```{hint} 00.fetch\n": "```{note}\n",
        "## Recall": "## Remember",
        "## Your turn: three counts at the same time": "## Your turn",
        'await lab.check("00.fetch")': "pass",
        "await lab.close()": "pass",
        "says: Connect call failed\n": "",
        "```{error} InvalidPasswordError": "```{error} OtherError",
    }
    assert lint.complaints(read(path)) == []
    for old, new in broken.items():
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        assert lint.complaints(read(path)), f"the linter misses {old!r}"
        assert current.of_lesson(read(path)), f"the comparison misses {old!r}"
    path.write_text(text.replace("## Recall", "## Recall, simply", 1), "utf-8")
    assert "simply" in " ".join(lint.complaints(read(path)))


def test_building_again_changes_no_byte_and_keeps_outputs_that_only_look_different(
    copy: Path,
) -> None:
    solution = copy / "solutions" / "00_first_query.ipynb"
    text = solution.read_text("utf-8")
    other = text.replace("PostgreSQL 18.4 (embedded)", "PostgreSQL 16.1 (url)")
    assert other != text
    solution.write_text(other, "utf-8")
    before = _tree(copy)
    assert build.main(["00"], check=False) == 0
    after = _tree(copy)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed == {"workbook/material/00_first_query.json"}, "it holds the solution's digest"


def test_text_alone_is_built_without_a_run_and_code_is_refused(copy: Path) -> None:
    path, solution = (
        copy / "lessons" / "00_first_query.md",
        copy / "solutions" / "00_first_query.ipynb",
    )
    text, before = path.read_text("utf-8"), nbformat.read(solution, 4)
    path.write_text(text.replace("It is 3 AM.", "It is 4 AM."), "utf-8")
    assert current.of_lesson(read(path))
    assert build.main(["00"], check=False, text=True) == 0
    assert current.of_lesson(read(path)) == []
    after = nbformat.read(solution, 4)
    assert "It is 4 AM." in after.cells[0].source
    assert [each for each in after.cells[1:] if each.cell_type == "code"] == [
        each for each in before.cells[1:] if each.cell_type == "code"
    ]
    for old, new in {
        'lab = await start("00")': 'lab  = await start("00")',
        "```{why} 00.fetch\n": "```{why} 00.fetch\nSo it is.\n",
        "```{try} 00.fetch\n": "```{try} 00.fetch\nOnce more.\n",
        "title: Connect and fetch": "title: Connect",
    }.items():
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(Problem, match=r"more than its text changed\. Run: \./wb build 00"):
            build.main(["00"], check=False, text=True)


def _tree(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files
        if "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("place", ["solutions", "tests/unsolved"])
def test_no_stored_output_names_a_temporary_folder_or_a_home(place: str) -> None:
    """It has another name in each run, so every build made the notebook anew for it."""
    named = re.compile(r"/tmp\w{8}/|/home/|/root/|/dev/shm/")
    for path in sorted((paths.ROOT / place).glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            found = named.search(json.dumps(cell.get("outputs", [])))
            assert found is None, f"{path.name}: {found}"
