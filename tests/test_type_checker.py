"""What mypy knows is there before it is asked for, and nobody reads it twice at the same time."""

import contextlib
import importlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.checks import server
from workbook.checks.nb02 import type_checker

SLEEPER = "import sys, time; time.sleep({}); sys.exit('found ' + sys.argv[1])"


def takes(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """mypy is something that needs so long and then complains of one file."""
    command = [sys.executable, "-c", SLEEPER.format(seconds)]
    monkeypatch.setattr(type_checker, "_command", lambda *files: [*command, *files])


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("WORKBOOK_TYPE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("WORKBOOK_WARM", raising=False)
    return tmp_path / "cache"


def test_who_asks_while_the_cache_fills_waits(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    takes(1, monkeypatch)
    filling = type_checker.start_filling_cache("02", "app/models.py")
    assert filling is not None
    assert (cache / "first" / "app" / "models.py").exists()
    takes(0, monkeypatch)
    assert type_checker.run_mypy("probe.py") == (1, "found probe.py\n")
    assert filling.poll() == 1


def test_a_cache_is_filled_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    takes(0, monkeypatch)
    first = type_checker.start_filling_cache("02", "app/models.py")
    assert first is not None and first.wait(10) == 1
    assert type_checker.start_filling_cache("02", "app/models.py") is None


def test_the_check_server_ends_what_it_began(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    began: list[subprocess.Popen[bytes]] = []
    takes(60, monkeypatch)
    real = type_checker.start_filling_cache

    def fill(number: str, file: str) -> "subprocess.Popen[bytes] | None":
        began.extend(each for each in [real(number, file)] if each)
        return began[-1]

    monkeypatch.setattr(type_checker, "start_filling_cache", fill)
    with contextlib.ExitStack() as ends:
        importlib.import_module("workbook.checks.nb02")
        server._prepare("02", ends)
        assert began[0].poll() is None
    assert began[0].returncode == -signal.SIGKILL


def test_nothing_is_prepared_where_nothing_is_to_be_warm(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_WARM", "no")
    with contextlib.ExitStack() as ends:
        importlib.import_module("workbook.checks.nb02")
        server._prepare("02", ends)
    assert not cache.exists()
