"""Whoever runs the start cell and one further down is told which cell makes what is missing."""

import json
from pathlib import Path

import pytest

from workbook import material
from workbook.base import paths
from workbook.checks.verdict import Verdict
from workbook.lab import ipython, skipped

CELL = "<ipython-input-1-0a>"
ALERT = "from app.models import Alert"
ADDS = 'lab.add("app/models.py", "app/schemas.py", "alembic/versions/0010_alerts.py")'


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is there but what the test says."""
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))


def cells(number: str) -> list[dict[str, str]]:
    """Those of the notebook as it is handed out, each with its text as one."""
    path = paths.ROOT / "notebooks" / f"{material.notebook(number).stem}.ipynb"
    return [
        each | {"source": "".join(each["source"])} for each in json.loads(path.read_text())["cells"]
    ]


def told(number: str, at: str, error: BaseException, *ran: str) -> str:
    """What is said of an error in the first cell whose text begins so."""
    here = next(each["id"] for each in cells(number) if each["source"].startswith(at))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ipython, "cell_id", lambda: here)
        patched.setattr(ipython, "cell_name", lambda name: "In[1]" if name == CELL else "")
        return skipped.told(error, material.notebook(number), ran)


def raised(code: str, file: str = CELL) -> BaseException:
    with pytest.raises(Exception) as caught:
        exec(compile(code, file, "exec"), {})
    return caught.value


def missing(name: str, module: str) -> ImportError:
    return ImportError(f"cannot import name '{name}' from '{module}' (models.py)", name=module)


def test_a_name_that_a_given_file_has_comes_with_the_cell_that_adds_the_file() -> None:
    said = told("07", 'await lab.check("07.intake")', missing("Alert", "app.models"))
    assert said == (
        'A cell below the heading "Two at once: ask, then insert" writes `Alert` into'
        " myapp/app/models.py, and it has not run since the start. Select this cell again, and"
        " choose Run > Run All Above Selected Cell."
    )


def test_nothing_is_said_where_the_cell_has_run() -> None:
    assert not told("07", 'await lab.check("07.intake")', missing("Alert", "app.models"), ADDS)


def test_nothing_is_said_of_a_name_that_no_cell_above_makes() -> None:
    assert not told("07", 'await lab.check("07.intake")', missing("Alarm", "app.models"))
    assert not told("07", 'lab.guess("07.1"', missing("Alert", "app.models"))
    assert not told("07", 'await lab.check("07.intake")', missing("Alert", "sqlalchemy"))


def test_a_file_put_together_from_folder_and_name_is_found() -> None:
    error = ModuleNotFoundError("No module named 'app.routers.alerts'", name="app.routers.alerts")
    last = cells("07")[-1]["source"][:30]
    assert "writes myapp/app/routers/alerts.py" in told("07", last, error)


def test_a_variable_of_the_notebook_comes_with_its_cell() -> None:
    error = raised("await_me = draft")
    said = told("07", 'await lab.check("07.conflict")', error)
    assert 'the heading "Two at once: ask, then insert" makes `draft`' in said
    assert not told("07", 'await lab.check("07.conflict")', error, "draft = 1")


def test_a_name_that_a_file_of_the_app_lacks_is_no_cell_s(tmp_path: Path) -> None:
    error = raised("draft", str(tmp_path / "app.py"))
    assert not told("07", 'await lab.check("07.conflict")', error)


def test_a_cell_of_the_learner_s_own_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipython, "cell_id", lambda: "")
    assert not skipped.told(missing("Alert", "app.models"), material.notebook("07"), [])


def first(number: str, exercise: str, *lines: tuple[str, str]) -> str:
    """What a verdict with these lines says is to do first; "" where it stays as it is."""
    before = Verdict("not yet", exercise, "", (*lines, ("Stuck?", "lab.hint")))
    here = next(e["id"] for e in cells(number) if f'lab.check("{exercise}")' in e["source"])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ipython, "cell_id", lambda: here)
        after = skipped.in_verdict(before, material.notebook(number), [])
    said = dict(after.lines).get("Do first", "")
    assert (after == before) == (said == "")
    return said


SAID = "it raised "
ATTRIBUTE = f"{SAID}AttributeError: 'Settings' object has no attribute 'pool_size'"
MODULE = "it is <module 'app.database' from 'x'>, of the class module, which has no `.TEAM`"
IMPORTED = f"{SAID}ImportError: cannot import name 'Page' from 'app.models' (app/models.py)"


@pytest.mark.parametrize(
    ("exercise", "where", "what", "made"),
    [
        ("02.types", "app/models.py, line 1: x", "name 'Base' is not defined", "`Base` into"),
        ("05.schemas", "app/schemas.py, line 1: x", "name 'Field' is not defined", "`Field` into"),
        ("10.engine", "app/database.py, line 21: x", ATTRIBUTE, "`pool_size` into myapp/app/set"),
        ("11.queue", "app/repositories/pages.py, line 6: x", IMPORTED, "`Page` into myapp/app/m"),
        ("12.team", "", MODULE, "`TEAM` into myapp/app/database.py"),
        ("09.app", "", "`app` waits for `db`, and there is no such service", "`db` into"),
        ("05.schemas", "app/schemas.py, line 1: x", "name 'Feld' is not defined", ""),
        ("05.schemas", "app/schemas.py, line 1: x", "name 'os' is not defined", ""),
        ("07.conflict", "app/problems.py, line 1: x", f"{SAID}KeyError: 'Alert'", ""),
    ],
)
def test_a_verdict_says_what_to_run_first(exercise: str, where: str, what: str, made: str) -> None:
    said = first(exercise[:2], exercise, ("You wrote", where), ("What happened", what))
    assert made in said and bool(made) == bool(said)


def test_a_file_that_is_looked_at_is_the_one_that_is_told_of() -> None:
    looked = ("What was looked at", "`revision` in alembic/versions/0013_tenancy.py")
    said = first("12", "12.policy", looked, ("What happened", "it is nothing"))
    assert "writes `revision` into myapp/alembic/versions/0013_tenancy.py" in said


def test_a_file_that_is_no_utf_8_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "myapp" / "app").mkdir(parents=True)
    (tmp_path / "myapp" / "app" / "models.py").write_bytes(b"# Zo\xeb\nclass Base: ...\n")
    said = told("07", 'await lab.check("07.intake")', missing("Alert", "app.models"))
    assert "writes `Alert` into myapp/app/models.py" in said


@pytest.mark.parametrize("text", [None, "<<<<<<< HEAD\n{}", "{}", '{"cells": []}'])
def test_a_damaged_notebook_hides_no_error(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = material.notebook("07")
    (tmp_path / "notebooks").mkdir()
    if text is not None:
        (tmp_path / "notebooks" / f"{book.stem}.ipynb").write_text(text)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(ipython, "cell_id", lambda: "263b2bdcde")
    assert skipped.told(missing("Alert", "app.models"), book, []) == ""
