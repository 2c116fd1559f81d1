"""Where temporary files go, and what is compiled once."""

import os
import sys
from pathlib import Path

import pytest

from workbook.authoring import quick_files


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
