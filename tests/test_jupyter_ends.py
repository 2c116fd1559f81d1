"""JupyterLab ends with the `wb` that started it, and when it is told, also where it will not."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from postgres_fixtures import until

from workbook.cli import jupyter

DEAF = "signal.signal(signal.SIGTERM, lambda *_: asked.touch())"
POLITE = "signal.signal(signal.SIGTERM, lambda *_: (asked.touch(), os._exit(0)))"
CHILD = """
import os, signal, sys, threading, time
from pathlib import Path
from workbook.cli import jupyter_main
asked = Path(sys.argv[1])
{manners}
jupyter_main.STOP_TIMEOUT = 0.3
threading.Thread(
    target=jupyter_main.exit_with_parent, args=[os.getppid()], daemon=True
).start()
print(os.getpid(), flush=True)
while True:
    time.sleep(0.05)
"""
PARENT = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2]]).wait()
"""


@pytest.mark.parametrize("manners", [POLITE, DEAF])
def test_it_ends_when_its_parent_was_killed(manners: str, tmp_path: Path) -> None:
    code = CHILD.format(manners=manners)
    command = [sys.executable, "-c", PARENT, code, str(tmp_path / "asked")]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    child = psutil.Process(int(parent.stdout.readline()))
    time.sleep(0.7)  # longer than it waits between two looks
    assert not (tmp_path / "asked").exists()
    parent.kill()
    assert until(lambda: gone(child))
    assert (tmp_path / "asked").exists()  # it was asked before it was made to
    parent.communicate()


FAMILY = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, {number})
child = [] if len(sys.argv) > 1 else [subprocess.Popen([sys.executable, __file__, "kernel"])]
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("number", "code"),
    [("signal.SIG_DFL", -signal.SIGTERM), ("signal.SIG_IGN", -signal.SIGKILL)],
)
def test_stopping_ends_the_server_and_its_kernels_also_where_they_will_not(
    number: str, code: int, tmp_path: Path
) -> None:
    script = tmp_path / "lab.py"
    script.write_text(FAMILY.format(number=number))
    lab = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE)
    assert lab.stdout.readline() == lab.stdout.readline() == b"ready\n"
    kernels = psutil.Process(lab.pid).children()
    jupyter.stop(lab, seconds=0.3)
    assert lab.returncode == code
    assert kernels and until(lambda: all(gone(each) for each in kernels))


def test_stopping_what_has_ended_does_nothing() -> None:
    lab = subprocess.Popen([sys.executable, "-c", ""])
    lab.wait()
    jupyter.stop(lab)
    assert lab.returncode == 0


def gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
