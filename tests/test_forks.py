"""What validation forks is as a process of its own."""

import contextlib
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from workbook.proof import forks

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


def test_it_ends_where_whoever_asked_is_gone_before_it_is_told(
    relay: list[str], tmp_path: Path
) -> None:
    told, tells = os.pipe()
    request = {"command": module(tmp_path, WAITS), "environment": {}, "folder": str(tmp_path)}
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(f"{relay[-1]}/00")
        socket.send_fds(asking, [json.dumps(request).encode()], [tells] * 3)
    os.close(tells)
    with os.fdopen(told) as said:
        pid = said.readline()  # nothing, where it has ended before it could say something
    with contextlib.suppress(psutil.NoSuchProcess):
        assert not pid or psutil.wait_procs([psutil.Process(int(pid))], timeout=10)[1] == []


@pytest.mark.parametrize("words", ["--version", "-c nowhere.ini current", "upgrade head 2>&-"])
def test_alembic_in_a_shell_is_as_its_own_script(
    relay: list[str], tmp_path: Path, words: str
) -> None:
    own = str(forks.OWN)
    scripts = forks._scripts(str(tmp_path), shlex.join(relay))
    said = [_shell(f"alembic {words}", tmp_path, path) for path in (own, f"{scripts}:{own}")]
    assert said[0] == said[1]
    assert Path(scripts, "alembic").is_file() and said[0] != ("", "", 127)


def _shell(command: str, folder: Path, path: str) -> tuple[str, str, int]:
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env={"PATH": f"{path}:{os.defpath}"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout, done.stderr, done.returncode
