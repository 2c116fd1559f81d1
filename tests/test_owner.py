"""The mark of a learner's folder: moved with it, and never in two folders."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.base.paths import ROOT
from workbook.postgres import PostgresProblem, holders, names, owner


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("WORKBOOK_DATABASE_PREFIX", raising=False)
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "work"))
    return tmp_path / "work"


def mark_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("WORKBOOK_WORK", str(folder))
    return owner.mark()


def test_a_folder_keeps_its_mark(work):
    assert owner.mark() == owner.mark()
    assert len(owner.mark()) == owner.LETTERS


def test_two_folders_have_two(work, tmp_path, monkeypatch):
    assert owner.mark() != mark_in(tmp_path / "other", monkeypatch)


def test_a_moved_folder_keeps_it_and_a_copy_gets_its_own(work, tmp_path, monkeypatch):
    mark = owner.mark()
    shutil.copytree(work, tmp_path / "copy")
    copied = mark_in(tmp_path / "copy", monkeypatch)
    assert copied != mark
    assert mark_in(tmp_path / "copy", monkeypatch) == copied
    work.rename(tmp_path / "moved")
    assert mark_in(tmp_path / "moved", monkeypatch) == mark


def test_a_folder_with_two_paths_has_one(work, tmp_path, monkeypatch):
    mark = owner.mark()
    noted = (work / ".workbook" / owner.FILE).read_text()
    there = noted.replace(str(work), str(tmp_path / "inside-a-container"))
    (work / ".workbook" / owner.FILE).write_text(there)
    assert owner.mark() == mark


def test_what_cannot_be_read_is_made_anew(work):
    owner.mark()
    (work / ".workbook" / owner.FILE).write_text('{"mark": ')
    assert len(owner.mark()) == owner.LETTERS


def test_a_folder_that_cannot_be_written_is_said(work):
    work.write_text("no folder")
    with pytest.raises(PostgresProblem, match=r"set WORKBOOK_WORK to a folder of your own"):
        owner.mark()


def test_the_names_on_a_server_of_a_url_are_this_workbooks_alone(work, monkeypatch):
    monkeypatch.delenv("WORKBOOK_DATABASE_URL", raising=False)
    assert names.prefix() == "nightwatch"
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", "postgresql://u:p@127.0.0.1/postgres")
    assert names.prefix() == f"nightwatch_{owner.mark()}"
    monkeypatch.setenv("WORKBOOK_DATABASE_PREFIX", "ana")
    assert names.prefix() == "ana"


HOLDS = """
import sys
from workbook.postgres import names
print(names.for_check("nightwatch"), flush=True)
sys.stdin.read()
"""


def test_a_check_database_is_left_over_when_its_process_was_killed(work, tmp_path, monkeypatch):
    holding = subprocess.Popen(
        [sys.executable, "-P", "-c", HOLDS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"WORKBOOK_WORK": str(work), "PYTHONPATH": str(ROOT)},
    )
    try:
        assert holding.stdout is not None
        name = holding.stdout.readline().strip()
        assert not names.is_left_over(name), "its process lives"
        assert not names.is_left_over(names.for_check("nightwatch")), "so do we"
    finally:
        holding.kill()
        holding.communicate(timeout=10)
    assert names.is_left_over(name)
    holders.forget_the_gone()
    assert names.is_left_over(name), "also after its file is gone"
    assert (work / ".workbook" / holders.FOLDER / holders.mine()).exists(), "ours is still there"
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "other"))
    assert not names.is_left_over(name), "it is not this workbook's"
