"""What becomes of a check's result, of what it leaves behind, and of a fork server that dies."""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from workbook.base.waiting import eventually_sync
from workbook.checks import busy, memory
from workbook.checks.request import TestRequest
from workbook.checks.runner import CheckRunner
from workbook.forkserver import client

LEAVES = """
import subprocess, sys
import os, time
if os.fork() == 0:
    time.sleep(60)
sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], pass_fds=(3,))
"""


@pytest.fixture
def runner() -> Iterator[CheckRunner]:
    made = CheckRunner()
    yield made
    made.stop()


def request_for(folder: Path, text: str, seconds: float = 20) -> TestRequest:
    """A request to run this module of tests, which needs no database."""
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "tests" / "test_it.py").write_text(text, "utf-8")
    return TestRequest("00", str(folder), ("tests",), "", seconds)


def test_a_result_larger_than_a_pipe_holds_arrives_whole(
    runner: CheckRunner, tmp_path: Path
) -> None:
    many = "import pytest\n@pytest.mark.parametrize('n', range(2000))\ndef test_n(n): pass\n"
    result = runner.run(request_for(tmp_path, many, 60))
    assert len(result["tests"]) == 2000 and len(str(result)) > 100_000


def test_what_a_check_leaves_behind_is_not_waited_for_and_ends(
    runner: CheckRunner, tmp_path: Path
) -> None:
    runner.run(request_for(tmp_path, "def test_warm(): pass"))
    pids = tmp_path / "pids"
    text = f"{LEAVES}\nopen({str(pids)!r}, 'w').write(str(sleeper.pid))\ndef test_it(): pass\n"
    began = time.monotonic()
    result = runner.run(request_for(tmp_path, text))
    assert [each["result"] for each in result["tests"]] == ["passed"]
    assert time.monotonic() - began < 15
    sleeper = int(pids.read_text())
    assert eventually_sync(lambda: not _runs(sleeper), 10)


@pytest.mark.parametrize("busy_now", [False, True], ids=["endless", "busy"])
def test_a_check_that_goes_on_too_long_is_stopped_with_what_it_started(
    runner: CheckRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, busy_now: bool
) -> None:
    monkeypatch.setattr(busy, "had_no_time", lambda *_: busy_now)
    pids = tmp_path / "pids"
    text = f"{LEAVES}\nopen({str(pids)!r}, 'w').write(str(sleeper.pid))\ntime.sleep(60)\n"
    result = runner.run(request_for(tmp_path, text, 3))
    said = ("broken", "in 3 seconds the check got") if busy_now else ("not yet", "within 3 seconds")
    assert result["outcome"] == said[0] and said[1] in str(result["lines"])
    assert eventually_sync(lambda: not _runs(int(pids.read_text())), 10)


GROWS = "kept = []\nwhile True: kept.append('x' * 1_000_000)\n"


def test_a_check_that_takes_too_much_memory_is_stopped_with_a_sentence(
    runner: CheckRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MOST", 600)
    much = "kept = 'x' * 200_000_000\ndef test_it(): pass\n"
    assert runner.run(request_for(tmp_path, much))["outcome"] == "ran", "much is not too much"
    result = runner.run(request_for(tmp_path, GROWS, 60))
    assert result["outcome"] == "not yet"
    assert "it took more than 600 MB of memory" in result["lines"]["What happened"]
    assert runner.run(request_for(tmp_path, "def test_it(): pass"))["outcome"] == "ran"


def test_a_process_that_does_not_begin_is_no_fault_of_the_answer(
    runner: CheckRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `begun` ends where nobody has answered: a quick machine would answer any short wait."""

    def late(child: client.Child) -> client.Child:
        child.close()
        raise TimeoutError

    runner.run(request_for(tmp_path, "def test_warm(): pass"))
    monkeypatch.setattr(client.Child, "begun", late)
    result = runner.run(request_for(tmp_path, "def test_it(): pass"))
    assert result["outcome"] == "broken" and "has not begun" in result["lines"]["Sorry"]


def test_a_server_that_died_is_replaced(runner: CheckRunner, tmp_path: Path) -> None:
    request = request_for(tmp_path, "def test_it(): pass")
    assert runner.run(request)["outcome"] == "ran"
    for each in psutil.Process().children():
        with contextlib.suppress(psutil.ZombieProcess):
            if "workbook.forkserver" in each.cmdline():
                each.kill()
    assert runner.run(request)["outcome"] == "ran"


def test_work_ahead_that_raises_stops_no_check(
    runner: CheckRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBOOK_TYPE_CACHE", "/dev/null/there")
    runner.start("02")
    result = runner.run(request_for(tmp_path, "def test_it(): pass"))
    assert [each["result"] for each in result["tests"]] == ["passed"]


def test_a_long_path_of_temporary_files_stops_no_check(
    runner: CheckRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (long := tmp_path / ("long" * 25)).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    assert runner.run(request_for(tmp_path, "def test_it(): pass"))["outcome"] == "ran"


def test_a_fixture_that_is_not_there_is_named(runner: CheckRunner, tmp_path: Path) -> None:
    result = runner.run(request_for(tmp_path, "def test_it(database_url): pass"))
    assert result["tests"][0]["result"] == "error"
    assert result["tests"][0]["why"] == "fixture 'database_url' not found"


FORGETS = """
async def query(): return 1
def test_it():
    query()
    assert {} == {"id": 1}
"""


def test_a_test_that_fails_says_which_call_it_has_not_awaited(
    runner: CheckRunner, tmp_path: Path
) -> None:
    result = runner.run(request_for(tmp_path, FORGETS))
    assert result["tests"][0]["result"] == "failed"
    assert result["tests"][0]["why"].endswith("; coroutine 'query' was never awaited")


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE and os.getpid() != pid
    except psutil.NoSuchProcess:
        return False
