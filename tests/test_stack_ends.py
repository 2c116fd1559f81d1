"""Nothing of a stack outlives who made it, however that ended."""

import asyncio
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest
from test_stack import app

from workbook.base import paths
from workbook.base.locks import Lock
from workbook.base.problem import Problem
from workbook.base.processes import running
from workbook.base.waiting import eventually_sync
from workbook.proof import leftovers
from workbook.stack import Stack, opening, process
from workbook.stack.state import LogLine, State

KILLED = """
import asyncio, sys
from pathlib import Path
from workbook.stack import Stack
from workbook.stack.process_backend import ProcessBackend

async def main():
    text = Path(sys.argv[1], "docker-compose.yml").read_text()
    stack = Stack(ProcessBackend(Path(sys.argv[1]), text))
    await stack.up(ends=["migrate"])
    print("up", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def test_nothing_outlives_a_notebook_that_is_killed(tmp_path: Path) -> None:
    name = secrets.token_hex(4)
    folder = app(tmp_path).rename(tmp_path / f"nightwatch-{name}")
    command = [sys.executable, "-c", KILLED, str(folder)]
    owner = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=paths.ROOT, text=True)
    assert owner.stdout is not None and owner.stdout.readline() == "up\n"
    started = psutil.Process(owner.pid).children(recursive=True)
    assert len(started) > 5
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait(10)
    _, alive = psutil.wait_procs(started, timeout=15)
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []
    data = [*Path(tempfile.gettempdir()).glob(f"nw-{name}-*")]
    assert len(data) == 1
    opening.sweep(tmp_path)
    assert not data[0].exists() and not folder.exists()


@pytest.mark.parametrize("turns", range(6))
@pytest.mark.parametrize("command", [("true",), ("sleep", "47.11")], ids=lambda words: words[0])
def test_a_cancelled_start_leaves_no_process_and_no_complaint(
    command: tuple[str, ...], turns: int, caplog: pytest.LogCaptureFixture
) -> None:
    """It is cancelled while asyncio makes it, also where it has ended before asyncio looks.

    Whether it has is a matter of luck, so it is tried often: asyncio's own way out complains of
    every other process that ends at once.
    """

    async def run() -> None:
        starting = asyncio.create_task(process.spawn(*command))
        for _ in range(turns):
            await asyncio.sleep(0)
        starting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await process.kill_and_wait(await starting, signal.SIGKILL)
        assert set(psutil.Process().children()) <= before
        await asyncio.sleep(0.02)  # whoever waits for its end has time to complain

    before = set(psutil.Process().children())
    for _ in range(10):
        asyncio.run(run())
    assert [record.getMessage() for record in caplog.records] == []


def test_a_stack_that_nobody_closed_is_named_and_removed_and_a_running_one_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / ".workbook" / opening.STACKS
    for name in ("nightwatch-0000000a", "nightwatch-0000000b", "of-somebody-else"):
        (home / name).mkdir(parents=True)
    lock = Lock(home / "nightwatch-0000000b" / opening.LOCK)
    assert lock.try_take()
    forgotten: list[str] = []
    monkeypatch.setattr(opening.compose_backend, "remove_project", forgotten.append)
    monkeypatch.setattr(leftovers, "_sessions", list)
    assert "the stack nightwatch-0000000a" in leftovers.of(tmp_path)
    assert forgotten == ["nightwatch-0000000a"]
    assert {each.name for each in home.iterdir()} == {"nightwatch-0000000b", "of-somebody-else"}
    lock.free()


@pytest.mark.parametrize("late", [0.0, 0.3])
def test_a_start_that_is_cancelled_late_ends_also_what_was_started(
    late: float, tmp_path: Path
) -> None:
    """What stands for a container's first process has started the command by then.

    Killed at once, it would leave the command behind, which holds the pipes that are waited for.
    """

    async def run() -> float:
        box = process.ManagedProcess(tmp_path, {"PATH": os.environ["PATH"]})
        starting = asyncio.create_task(box.start(["sleep", "47.12"]))
        for _ in range(3):
            await asyncio.sleep(0)
        time.sleep(late)  # noqa: ASYNC251 - a busy machine: the loop comes to it late
        starting.cancel()
        began = time.monotonic()
        with contextlib.suppress(asyncio.CancelledError):
            await starting
        await box.stop("SIGKILL", 1)
        return time.monotonic() - began

    assert asyncio.run(run()) < 8
    assert eventually_sync(lambda: not _sleepers(), 5)


def _sleepers() -> list[psutil.Process]:
    every = running("cmdline")
    return [each for each in every if (each.info["cmdline"] or [])[1:] == ["47.12"]]


class _Done:
    """Stands for a process that ends in the moment in which who waits for it is cancelled."""

    pid, stdin, returncode = 0, None, 0

    def __init__(self) -> None:
        self.end: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def wait(self) -> int:
        return await self.end


@pytest.mark.parametrize("turns", range(5))
def test_a_health_check_that_is_done_as_it_is_cancelled_is_cancelled(
    turns: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`asyncio.wait_for` of Python 3.11 goes on here, and whoever waits for its end waits on."""

    async def run() -> bool:
        done = _Done()

        async def made(*_command: str, **_options: object) -> _Done:
            return done

        monkeypatch.setattr(process, "spawn", made)
        box = process.ManagedProcess(tmp_path, {"PATH": os.environ["PATH"]})
        asking = asyncio.create_task(box.ask(["true"], 5))
        await asyncio.sleep(0.05)
        done.end.set_result(0)
        for _ in range(turns):
            await asyncio.sleep(0)
        too_late = not asking.cancel()
        await asyncio.wait([asking], timeout=5)
        return too_late or asking.cancelled()

    assert asyncio.run(run())


class _Talks:
    """A backend of one container, which says one line more each time."""

    pause = 0.001
    patience = 50.0

    def __init__(self, *lines: str) -> None:
        self._lines = [LogLine(0.0, each) for each in lines]
        self._asked = 0

    async def states(self) -> dict[str, State]:
        return {"worker": State("running")}

    async def log(self, name: str) -> list[LogLine]:
        self._asked += 1
        return self._lines[: self._asked]


def test_what_a_container_says_is_waited_for() -> None:
    stack = Stack(_Talks("begins", "paged (1)"))  # type: ignore[arg-type]
    asyncio.run(stack.said("paged (", seconds=5))
    with pytest.raises(Problem, match="no container has said 'ended'"):
        asyncio.run(stack.said("ended", seconds=0.01))
