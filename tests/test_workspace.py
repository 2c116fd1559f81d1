"""The learner's files: nothing that they wrote is ever lost."""

import json
import subprocess
import threading
from pathlib import Path

import made_material
import pytest

from workbook import workspace
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.lab import app_files
from workbook.workspace import copies, files, history, overview, progress
from workbook.workspace.rebuild import Rebuilt

FIRST, SECOND = "00_first.ipynb", "01_second.ipynb"


def notebook(source: str, outputs: object = ()) -> str:
    cell = {"cell_type": "code", "source": [source], "outputs": list(outputs), "metadata": {}}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(autouse=True)
def checkout(tmp_path, monkeypatch):
    root, lessons = tmp_path / "Mein Ordner", tmp_path / "material"
    (root / "notebooks").mkdir(parents=True)
    lessons.mkdir()
    monkeypatch.setattr(paths, "ROOT", root)
    monkeypatch.setenv("WORKBOOK_WORK", str(root / "work"))
    monkeypatch.setenv("WORKBOOK_MATERIAL", str(lessons))
    ship(FIRST, "first")
    ship(SECOND, "second")
    made_material.write(lessons, "00_first", {"a.py": "a = 0\n"})
    made_material.write(lessons, "01_second", {"a.py": "a = 1\n", "b.py": "b = 1\n"})
    made_material.write(lessons, "02_third", {})
    return root


def ship(name: str, source: str) -> None:
    (paths.ROOT / "notebooks" / name).write_text(notebook(source))


def write(name: str, text: str) -> None:
    files.write(paths.work() / name, text)


def text(name: str) -> str:
    return (paths.work() / name).read_text()


def test_filling_copies_what_is_missing_and_leaves_the_rest():
    write(FIRST, "mine")
    assert [each.path for each in copies.fill()] == [SECOND]
    assert text(FIRST) == "mine"
    assert copies.fill() == []


def test_a_new_version_replaces_a_notebook_that_was_only_run():
    copies.fill()
    write(FIRST, notebook("first", [{"output_type": "stream", "text": "42"}]))
    ship(FIRST, "first, better")
    assert [(each.path, each.kind) for each in workspace.update()] == [(FIRST, "updated")]
    assert "better" in text(FIRST)
    assert workspace.update() == []


def test_a_new_version_lies_beside_an_answered_notebook_and_comes_once():
    copies.fill()
    write(FIRST, notebook("my answer"))
    ship(FIRST, "first, better")
    assert [each.path for each in workspace.update()] == ["00_first (new version).ipynb"]
    assert "my answer" in text(FIRST)
    assert workspace.update() == []
    (paths.work() / "00_first (new version).ipynb").unlink()
    assert workspace.update() == []


def test_a_second_new_version_spares_the_first_one_when_it_holds_answers():
    copies.fill()
    write(FIRST, notebook("my answer"))
    ship(FIRST, "second edition")
    workspace.update()
    write("00_first (new version).ipynb", notebook("answered again"))
    ship(FIRST, "third edition")
    assert [each.path for each in workspace.update()] == ["00_first (new version 2).ipynb"]
    assert "answered again" in text("00_first (new version).ipynb")


def test_a_second_new_version_takes_the_place_of_an_untouched_one():
    copies.fill()
    write(FIRST, notebook("my answer"))
    ship(FIRST, "second edition")
    workspace.update()
    ship(FIRST, "third edition")
    assert [each.path for each in workspace.update()] == ["00_first (new version).ipynb"]
    assert "third" in text("00_first (new version).ipynb")


def test_a_notebook_that_is_no_json_counts_as_answered():
    copies.fill()
    write(FIRST, "half a fi")
    ship(FIRST, "first, better")
    assert [each.kind for each in workspace.update()] == ["beside"]
    assert text(FIRST) == "half a fi"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"00_first.ipynb": 3}'])
def test_a_damaged_note_of_versions_loses_no_answer(damage):
    copies.fill()
    write(FIRST, notebook("my answer"))
    write(".workbook/shipped.json", damage)
    workspace.update()
    assert "my answer" in text(FIRST)


def test_reset_brings_the_notebook_its_files_and_its_exercises_back_to_the_start():
    copies.fill()
    write(SECOND, notebook("my answer"))
    write("myapp/a.py", "mine a\n")
    write("myapp/b.py", "mine b\n")
    workspace.record("01.get", "right", "d")
    workspace.record("00.get", "right", "d")
    workspace.reset("01")
    assert text(SECOND) == notebook("second")
    assert text("myapp/a.py") == "a = 0\n"
    assert not (paths.myapp() / "b.py").exists()
    assert list(workspace.read()) == ["00.get"]


def test_undo_takes_a_reset_back_and_redo_repeats_it():
    copies.fill()
    write(SECOND, notebook("my answer"))
    write("myapp/b.py", "mine b\n")
    workspace.record("01.get", "right", "d")
    workspace.reset("01")
    workspace.undo()
    assert "my answer" in text(SECOND)
    assert text("myapp/b.py") == "mine b\n"
    assert not (paths.myapp() / "a.py").exists()
    assert workspace.read()["01.get"].solved
    workspace.redo()
    assert text(SECOND) == notebook("second")
    assert workspace.read() == {}
    with pytest.raises(workspace.NothingToUndo, match="nothing to redo"):
        workspace.redo()


def test_undo_goes_back_step_by_step_and_redo_forward_again():
    for number in range(3):
        write("myapp/a.py", f"version {number}")
        workspace.set_aside(["myapp/a.py"], "write")
    write("myapp/a.py", "version 3")
    for number in (2, 1, 0):
        workspace.undo()
        assert text("myapp/a.py") == f"version {number}"
    with pytest.raises(workspace.NothingToUndo):
        workspace.undo()
    for number in (1, 2, 3):
        workspace.redo()
        assert text("myapp/a.py") == f"version {number}"
    workspace.undo()
    assert text("myapp/a.py") == "version 2"


def test_undo_with_nothing_to_undo_says_so():
    with pytest.raises(workspace.NothingToUndo, match="nothing to undo"):
        workspace.undo()


def test_setting_aside_the_same_state_twice_keeps_it_once():
    write("myapp/a.py", "mine")
    assert workspace.set_aside(["myapp/a.py", "myapp/gone.py"], "try").name == "0001-try"
    assert workspace.set_aside(["myapp/a.py", "myapp/gone.py"], "try") is None
    assert workspace.set_aside(["myapp/gone.py"], "try") is None


def test_only_files_of_the_learner_can_be_set_aside():
    with pytest.raises(ValueError, match="not inside"):
        workspace.set_aside(["../wb"], "try")


def test_a_damaged_entry_is_passed_over():
    write("a", "1")
    workspace.set_aside(["a"], "good")
    (paths.state() / "history" / "0002-bad").mkdir()
    assert [each.action for each in history.entries()] == ["good"]
    write("a", "2")
    assert workspace.set_aside(["a"], "next").name == "0003-next"


def test_the_history_forgets_its_oldest_entries(monkeypatch):
    monkeypatch.setattr(history, "KEPT", 3)
    for count in range(5):
        write("a", str(count))
        workspace.set_aside(["a"], "step")
    assert [each.folder.name[:4] for each in history.entries()] == ["0005", "0004", "0003"]


def test_rebuild_writes_what_is_missing_and_replaces_nothing():
    write("myapp/a.py", "mine\n")
    done = workspace.rebuild("02")
    assert (done.found, done.rebuilt) == (["a.py"], ["b.py"])
    assert text("myapp/a.py") == "mine\n"
    assert text("myapp/b.py") == "b = 1\n"
    assert workspace.rebuild("00") == Rebuilt([], [], ["a.py", "b.py"])


def test_catching_up_replaces_what_differs_and_keeps_it():
    write("myapp/a.py", "mine\n")
    write("myapp/own.py", "own\n")
    done = workspace.catch_up("02")
    assert (done.found, done.rebuilt) == ([], ["a.py", "b.py"])
    assert text("myapp/a.py") == "a = 1\n"
    assert text("myapp/own.py") == "own\n"
    workspace.undo()
    assert text("myapp/a.py") == "mine\n"
    assert not (paths.myapp() / "b.py").exists()


def test_catching_up_to_an_earlier_notebook_takes_away_what_later_ones_wrote():
    workspace.rebuild("02")
    write("myapp/own.py", "own\n")
    done = workspace.catch_up("00")
    assert done.later == ["a.py", "b.py"]
    assert sorted(each.name for each in paths.myapp().iterdir()) == ["own.py"]
    workspace.undo()
    assert (text("myapp/a.py"), text("myapp/b.py")) == ("a = 1\n", "b = 1\n")


def test_progress_counts_attempts_and_hints_and_remembers_a_success():
    workspace.record("00.get", "not attempted", "s")
    workspace.record("00.get", "right", "d1")
    workspace.record("00.get", "not yet", "d2")
    assert [workspace.hint_shown("00.get", 2) for _ in range(3)] == [1, 2, 2]
    assert workspace.read()["00.get"] == progress.Progress("not yet", 2, 2, "d2", True)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"x": 1}', '{"x": {"verdict": "odd"}}'])
def test_damaged_progress_is_kept_beside_and_begins_anew(damage):
    write(".workbook/progress.json", damage)
    assert workspace.read() == {}
    workspace.record("00.get", "right", "d")
    assert list(workspace.read()) == ["00.get"]
    assert [each.read_text() for each in paths.state().glob("progress-damaged-*")] == [damage]


def test_damaged_progress_is_told_once_with_where_it_is_kept():
    assert workspace.lost() == ""
    write(".workbook/progress.json", '{"00.get": ')
    said = workspace.lost()
    assert said.startswith(
        "The file progress.json was damaged, so what you had solved is forgotten"
    )
    [kept] = paths.state().glob("progress-damaged-*.json")
    assert str(kept) in said
    assert workspace.lost() == "", "once"
    write(".workbook/progress.json", "")
    assert "is kept as" in workspace.lost(), "a second one is told too"


MARKED = '<<<<<<< HEAD\n{"cells": []}\n=======\n{}\n>>>>>>> theirs\n'


@pytest.mark.parametrize(
    ("left", "why"),
    [
        (MARKED, "git has left conflict marks in it"),
        (notebook("second").replace('"cells"', '\n<<<<<<< HEAD\n"cells"'), "conflict marks"),
        ("", "it is damaged"),
        ("{}", "it is damaged"),
    ],
)
def test_a_notebook_that_is_none_is_never_handed_out_and_named_with_the_repair(left, why):
    copies.fill()
    write(SECOND, notebook("mine"))
    (paths.ROOT / "notebooks" / SECOND).write_text(left)
    assert workspace.update() == []
    with pytest.raises(copies.Damaged, match=why) as told:
        workspace.reset("01")
    assert str(told.value).endswith(" Run: git checkout HEAD -- notebooks")
    assert workspace.damage() == [str(told.value)]
    assert text(SECOND) == notebook("mine")
    assert history.entries() == [], "nothing was set aside for nothing"
    (paths.work() / SECOND).unlink()
    assert workspace.update() == [], "where there is no copy yet, none is made of it"
    ship(SECOND, "second")
    assert [str(each) for each in workspace.update()] == [f"{SECOND} is new."]
    assert workspace.damage() == []


@pytest.mark.parametrize(
    ("name", "repair"),
    [
        ("MERGE_HEAD", "git checkout MERGE_HEAD -- notebooks && git commit --no-edit"),
        ("rebase-merge", "git rebase --abort"),
    ],
)
def test_the_repair_is_what_git_needs_in_the_middle_of_its_work(name, repair):
    (paths.ROOT / ".git" / name).mkdir(parents=True)
    assert workspace.git_repair() == repair


def test_the_repairs_end_a_pull_that_met_work_in_the_folder_of_notebooks(tmp_path, monkeypatch):
    def git(*words, folder=paths.ROOT, fails=False):
        who = ("-c", "user.name=a", "-c", "user.email=a@b")
        done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True)
        assert fails or done.returncode == 0, done.stderr
        return done.stdout

    monkeypatch.setenv("GIT_EDITOR", "true")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "a")
    git("init", "-q", "-b", "main")
    git("add", "notebooks")
    git("commit", "-qm", "one")
    git("clone", "-q", str(paths.ROOT), str(tmp_path / "clone"))
    monkeypatch.setattr(paths, "ROOT", origin := paths.ROOT)
    ship(SECOND, "newer")
    git("commit", "-qam", "two")
    clone = tmp_path / "clone"
    for how in ("--no-rebase", "--rebase"):
        monkeypatch.setattr(paths, "ROOT", clone)
        ship(SECOND, f"mine {how}")
        git("commit", "-qam", "mine", folder=clone)
        git("pull", "-q", how, folder=clone, fails=True)
        assert "conflict marks" in workspace.damage()[0]
        who = "-c user.name=a -c user.email=a@b"
        command = workspace.git_repair().replace("git ", f"git {who} ")
        subprocess.run(command, shell=True, cwd=clone, check=True, capture_output=True)
        assert workspace.damage() == []
        assert "MERGE_HEAD" not in {each.name for each in (clone / ".git").iterdir()}
        monkeypatch.setattr(paths, "ROOT", origin)
        ship(SECOND, f"newer after {how}")
        git("commit", "-qam", "three", folder=origin)


def test_two_notebooks_that_record_at_once_lose_nothing():
    def many(number: str) -> None:
        for _ in range(25):
            workspace.record(f"{number}.get", "not yet", "")

    threads = [threading.Thread(target=many, args=[number]) for number in ("00", "01")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each.attempts for each in progress.read().values()] == [25, 25]


def test_the_next_notebook_is_the_first_with_an_open_exercise():
    assert overview.next_notebook(progress.read()).number == "00"
    workspace.record("00.get", "right", "")
    assert overview.next_notebook(progress.read()).number == "01"
    workspace.record("01.get", "not yet", "")
    assert overview.next_notebook(progress.read()).number == "01"
    assert [each.open for each in overview.standings(progress.read())] == [
        (),
        ("01.get",),
        ("02.get",),
    ]


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path):
    target = tmp_path / "answer"
    files.write(target, "old")
    with pytest.raises(UnicodeEncodeError):
        files.write(target, "\ud800")
    assert target.read_text() == "old"
    assert [each.name for each in target.parent.glob(".answer*")] == []


def test_the_next_notebook_is_none_before_the_one_that_was_caught_up_to():
    workspace.rebuild("02")
    workspace.catch_up("02")  # nothing to write, and yet the learner is there now
    assert overview.next_notebook(progress.read()).number == "02"
    workspace.record("02.get", "right", "")
    assert overview.next_notebook(progress.read()).number == "00"
    workspace.catch_up("01")
    assert overview.next_notebook(progress.read()).number == "01"


@pytest.mark.parametrize("own", [True, False])
def test_a_revision_that_alembic_wrote_into_the_copy_is_set_aside_too(own: bool) -> None:
    """Where the reference stands in for a part of the app, Alembic writes beside the learner's."""
    name = "alembic/versions/0002_team.py"
    copied = paths.state() / "standin" / "03-alembic" / name
    for place in [copied, paths.myapp() / name][: 2 if own else 1]:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"own = {place != copied}\n", "utf-8")
    app_files.set_aside("03", name)
    assert not copied.exists()
    assert not (paths.myapp() / name).exists()
    history.undo()
    assert (paths.myapp() / name).read_text("utf-8") == f"own = {own}\n"


def test_a_pattern_sets_aside_what_it_names_and_nothing_else() -> None:
    """The revisions of an earlier run go, and those before them stay."""
    folder = paths.myapp() / "alembic/versions"
    folder.mkdir(parents=True)
    for name in ("0001_teams.py", "0002_team.py", "0005_merge.py"):
        (folder / name).write_text("", "utf-8")
    app_files.set_aside("03", "alembic/versions/000[2-5]_*.py")
    assert [each.name for each in folder.iterdir()] == ["0001_teams.py"]
    history.undo()
    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize("path", ["", ".", "/etc", "..", "../other", "app/../../x"])
def test_what_lies_outside_of_the_app_is_not_set_aside(path: str) -> None:
    file = paths.myapp() / "app" / "database.py"
    file.parent.mkdir(parents=True)
    file.write_text("", "utf-8")
    with pytest.raises(Problem, match="is no place inside of myapp/"):
        app_files.set_aside("03", path)
    assert file.exists()
