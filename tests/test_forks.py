"""What validation forks is as a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from workbook.authoring import forks

ASKS = """
import os, sys
print(sys.argv[1:], os.environ.get("GIVEN"), os.environ.get("OWNERS"), os.getcwd())
print("alembic.command" in sys.modules, "fastapi" in sys.modules, sys.stdin.read())
print("bad news", file=sys.stderr)
sys.exit(3)
"""
WAITS = """
import os, sys, time
try:
    print(os.getpid(), flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit(7)
"""


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The command that stands for a fork of the process which is warm for the first notebooks."""
    folder = tmp_path_factory.mktemp("f")
    with forks._process(folder / "00", {"OWNERS": "private"}):
        yield [sys.executable, "-SE", str(forks.RELAY), str(folder)]


def module(folder: Path, text: str) -> list[str]:
    (folder / "asked_for.py").write_text(text, "utf-8")
    return ["asked_for", "one", "03"]


def test_it_has_its_own_arguments_environment_folder_and_streams(
    relay: list[str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [*relay, *module(tmp_path, ASKS)],
        cwd=tmp_path,
        env={"GIVEN": "1"},
        input="told",
        capture_output=True,
        text=True,
        timeout=30,
    )
    first = f"['one', '03'] 1 None {tmp_path.resolve()}"
    assert done.stdout.splitlines() == [first, "True False told"], done.stderr
    assert (done.returncode, done.stderr) == (3, "bad news\n")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 7), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_it_ends_as_whoever_asked_for_it_is_told(
    number: signal.Signals, code: int, relay: list[str], tmp_path: Path
) -> None:
    command = [*relay, *module(tmp_path, WAITS)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as asked:
        assert asked.stdout is not None
        fork = psutil.Process(int(asked.stdout.readline()))
        os.kill(asked.pid, number)
        assert asked.wait(10) == code
        assert psutil.wait_procs([fork], timeout=10)[1] == []
