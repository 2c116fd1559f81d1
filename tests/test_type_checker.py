"""What mypy knows is there before it is asked for, and nobody reads it twice at the same time."""

import contextlib
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from workbook.base.processes import running
from workbook.base.waiting import eventually_sync
from workbook.checks import checking, child
from workbook.checks.nb02 import type_checker
from workbook.checks.request import CheckRequest
from workbook.checks.runner import CheckRunner
from workbook.checks.verdict import CannotJudge

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


def test_two_runs_never_use_the_cache_at_once(
    cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """They would keep one answer's types under another's text."""
    log = tmp_path / "log"
    code = (
        f"import time; note = lambda word: open({str(log)!r}, 'a').write(word);"
        "note('('); time.sleep(0.2); note(')')"
    )
    monkeypatch.setattr(type_checker, "_command", lambda *_: [sys.executable, "-c", code])
    with ThreadPoolExecutor() as pool:
        list(pool.map(type_checker.run_mypy, ["one.py", "two.py", "three.py"]))
    assert log.read_text() == "()()()"


def test_a_cache_is_filled_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    takes(0, monkeypatch)
    first = type_checker.start_filling_cache("02", "app/models.py")
    assert first is not None and type_checker.until_full(first, 10) == 1
    assert type_checker.start_filling_cache("02", "app/models.py") is None


def test_a_filling_that_was_cut_short_is_begun_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who closed the notebook within its first seconds waited a minute for the first check."""
    takes(30, monkeypatch)
    first = type_checker.start_filling_cache("02", "app/models.py")
    assert first is not None
    first.kill()
    assert type_checker.until_full(first, 10) < 0
    takes(0, monkeypatch)
    again = type_checker.start_filling_cache("02", "app/models.py")
    assert again is not None and type_checker.until_full(again, 10) == 1


def filling(cache: Path) -> list[psutil.Process]:
    """The runs of mypy that fill this cache."""
    found = []
    for each in running():
        with contextlib.suppress(psutil.Error):
            if f"--cache-dir={cache}" in each.cmdline():
                found.append(each)
    return found


@pytest.mark.parametrize("number", ["01", "02"])
def test_the_cache_begins_to_fill_with_the_notebook_and_ends_with_its_owner(
    cache: Path, number: str
) -> None:
    """With the one before it, so that it is full when it is asked for."""
    runner = CheckRunner()
    runner.start(number)
    try:
        began = eventually_sync(lambda: filling(cache), 60)
        assert began
    finally:
        runner.stop()
    assert psutil.wait_procs(began, timeout=10)[1] == []


def test_nothing_is_prepared_where_nothing_is_to_be_warm(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setenv("WORKBOOK_WARM", "no")
    monkeypatch.setattr(checking.RUNNER, "start", started.append)
    checking.Checks(NotImplemented, "02", "warm").warm()
    assert started == [] and not cache.exists()


def test_a_run_that_is_not_ready_judges_nobody(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow machine's first run was told as an answer that takes too long."""
    takes(30, monkeypatch)
    monkeypatch.setattr(type_checker, "_TIMEOUT", 0)
    with pytest.raises(CannotJudge, match="Your answer was not judged"):
        type_checker.run_mypy("probe.py")
    request = CheckRequest("02.types", "", "", (), "", "", 1.0)
    found = child._failed(CannotJudge("in a sentence"), request)
    assert found == {"outcome": "broken", "lines": {"Sorry": "in a sentence"}}
