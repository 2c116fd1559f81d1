"""`wb test` itself: what ran in containers is counted, and nothing is waited for without end."""

import contextlib
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from workbook.proof import contained

STACK = "async with lab.stack() as stack:\n    await stack.up()"


@pytest.mark.parametrize(("noted", "held"), [(0, False), (1, False), (2, True), (3, False)])
def test_every_use_of_a_container_must_really_have_been_one(
    noted: int, held: bool, tmp_path: Path
) -> None:
    book, log = tmp_path / "09_two.ipynb", tmp_path / "ran"
    cells = [nbformat.v4.new_code_cell(each) for each in (STACK, STACK, "lab.close()")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), book)
    if noted:
        log.write_text("a stack of the app\n" * noted, "utf-8")
    assert contained.really_ran([book], log) is held


def test_what_runs_in_containers_fails_where_it_does_not_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contained, "PATIENCE", 0.1)
    endless = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert contained.ended(endless) != 0
    assert endless.returncode is not None


@pytest.mark.parametrize(("code", "noted", "held"), [(0, 2, True), (1, 2, False), (0, 1, False)])
def test_a_red_run_or_a_use_that_was_none_does_not_hold(
    code: int, noted: int, held: bool, tmp_path: Path
) -> None:
    book = tmp_path / "09_two.ipynb"
    cells = [nbformat.v4.new_code_cell(each) for each in (STACK, STACK)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), book)
    with contextlib.closing(contained.Contained([book])) as containers:
        assert not containers.held(), "it has not begun"
        containers._said.write_text("said", "utf-8")
        containers._log.write_text("a stack of the app\n" * noted, "utf-8")
        containers._run = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({code})"])
        assert containers.held() is held
