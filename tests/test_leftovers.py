"""Whatever a notebook can leave behind is named, with what it is."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from workbook.authoring import sandbox
from workbook.base.programs import search_path
from workbook.base.waiting import eventually_sync
from workbook.forkserver import client
from workbook.forkserver.client import Job
from workbook.forkserver.server import ForkServer, spawned
from workbook.proof import leftovers
from workbook.stack import warm_programs
from workbook.stack.process import ManagedProcess

SLEEP = "import time; time.sleep(60)"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A learner's folder, as validation gives one, and records of what is forked for it.

    A fork server that other tests have begun in this process knows nothing of these records.
    """
    warm_programs.close()
    (tmp_path / "work").mkdir()
    (tmp_path / "records").mkdir()
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "work"))
    monkeypatch.setenv("WORKBOOK_FORK_RECORDS", str(tmp_path / "records"))
    yield tmp_path / "work"


def left(work: Path, words: str) -> list[str]:
    """What is named with these words, once it is there; seconds of patience for it to begin."""
    return eventually_sync(
        lambda: [each for each in leftovers.processes(work) if words in each], 20, 0.1
    )


def test_nothing_is_left_where_nothing_was_started(work: Path) -> None:
    assert leftovers.processes(work) == []


def test_a_process_of_its_own_is_named(work: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEP]) as started:
        assert left(work, "-c import time")
        started.kill()
    assert eventually_sync(lambda: leftovers.processes(work) == [], 10)


def test_a_process_of_a_replayed_stack_is_named(work: Path) -> None:
    def forks() -> list[str]:
        found = leftovers.processes(work)
        return [each for each in found if each.startswith("fork ") and "uvicorn waits:app" in each]

    async def named() -> list[str]:
        box = ManagedProcess(work, {"PATH": search_path()})
        await box.start(["sleep", "60"])
        found = await asyncio.to_thread(left, work, "sleep 60")
        await box.stop("SIGKILL", 5)
        return found

    assert asyncio.run(named())
    assert eventually_sync(lambda: leftovers.processes(work) == [], 10)


def test_a_program_of_a_replayed_stack_that_was_forked_is_named(work: Path) -> None:
    """Looked at when the program has begun, and again until a busy machine shows its name."""
    began = work / "began"
    code = f"from pathlib import Path\nPath({str(began)!r}).touch()\n{SLEEP}\napp = 1\n"
    (work / "waits.py").write_text(code, "utf-8")

    def forks() -> list[str]:
        found = leftovers.processes(work)
        return [each for each in found if each.startswith("fork ") and "uvicorn waits:app" in each]

    async def named() -> list[str]:
        box = ManagedProcess(work, {"PATH": search_path()})
        await box.start(["uvicorn", "waits:app"])
        assert await asyncio.to_thread(eventually_sync, began.exists, 60), "it did not begin"
        found = await asyncio.to_thread(eventually_sync, forks, 20)
        await box.stop("SIGKILL", 5)
        return found

    assert asyncio.run(named())
    assert left(work, "workbook.forkserver"), "the server of these programs runs still"
    warm_programs.close()
    assert eventually_sync(lambda: leftovers.processes(work) == [], 10)


def test_a_fork_and_what_it_forks_are_named(work: Path, tmp_path: Path) -> None:
    """Their environment is that of a server which somebody else has started, for no folder."""
    null = os.open(os.devnull, os.O_RDWR)
    server = ForkServer(spawned([], {"WORKBOOK_WORK": ""}))
    job = Job("call:builtins:exec", (f"import os; os.fork(); {SLEEP}",), dict(os.environ), "/")
    child = client.run(server.address, job, [null, null, null])
    assert eventually_sync(lambda: len(leftovers.processes(work)) == 2, 20), "both of them"
    child.kill()
    child.close()
    assert eventually_sync(lambda: leftovers.processes(work) == [], 10)
    server.close()
    os.close(null)


def test_a_server_that_was_not_stopped_is_named(work: Path) -> None:
    code = (
        "import asyncio, time; from workbook.evidence.private_server import PrivateServer\n"
        "async def run():\n"
        "    await PrivateServer({}).__aenter__()\n"
        "    time.sleep(60)\n"
        "asyncio.run(run())"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as owner:
        found = left(work, "postgres")
        psutil.Process(owner.pid).kill()
    assert found
    assert eventually_sync(lambda: leftovers.processes(work) == [], 60), "it ends with its owner"


def test_a_file_nobody_announced_is_named(work: Path) -> None:
    with sandbox.server():
        (work / "myapp").mkdir()
        assert leftovers.of(work) == []
        (work / "notes.txt").write_text("mine", "utf-8")
        assert leftovers.of(work) == ["the file notes.txt"]
