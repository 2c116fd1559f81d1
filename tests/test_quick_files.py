"""Where temporary files go, and what is compiled once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.authoring import quick_files
from workbook.base import paths

ROOMY = """
from pathlib import Path
from workbook.authoring import quick_files
quick_files.PLACE, quick_files.NEEDED_BYTES = Path({!r}), 1
"""
IN_A_TEST = """
import tempfile
from workbook.authoring import quick_files
def test_it(tmp_path, worker_id):
    assert tempfile.gettempdir() == str(quick_files.PLACE)
    assert tmp_path.is_relative_to(quick_files.PLACE)
"""


def test_temporary_files_stay_where_somebody_wants_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    quick_files.use()
    assert os.environ["TMPDIR"] == str(tmp_path)


def test_they_go_where_there_is_room_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(quick_files, "PLACE", tmp_path)
    monkeypatch.setattr(quick_files, "NEEDED_BYTES", 10**18)
    quick_files.use()
    assert "TMPDIR" not in os.environ
    monkeypatch.setattr(quick_files, "NEEDED_BYTES", 1)
    monkeypatch.setattr(quick_files, "PLACE", tmp_path / "missing")
    quick_files.use()
    assert "TMPDIR" not in os.environ
    monkeypatch.setattr(quick_files, "PLACE", tmp_path)
    quick_files.use()
    assert os.environ.pop("TMPDIR") == str(tmp_path)


def test_what_is_imported_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    quick_files.use()
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ and not sys.dont_write_bytecode


def run(folder: Path, *command: str) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "TMPDIR"}
    ran = subprocess.run(
        [sys.executable, *command],
        cwd=paths.ROOT,
        env=environment | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_whoever_collects_tests_keeps_the_place_of_temporary_files(tmp_path: Path) -> None:
    code = "import os, conftest; print(os.environ.get('TMPDIR'))"
    assert run(tmp_path, "-c", ROOMY.format(str(tmp_path)) + code) == "None\n"


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_run_of_pytest_and_its_workers_have_them_there(tmp_path: Path, processes: str) -> None:
    (tmp_path / "roomy.py").write_text(ROOMY.format(str(tmp_path)), "utf-8")
    (tmp_path / "test_it.py").write_text(IN_A_TEST, "utf-8")
    plugins = ["-p", "roomy", "-p", "workbook.proof.nbval_plugin", "-p", "no:cacheprovider"]
    file = str(tmp_path / "test_it.py")
    assert "1 passed" in run(tmp_path, "-m", "pytest", "-q", *plugins, "-n", processes, file)
