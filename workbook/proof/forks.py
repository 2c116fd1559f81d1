"""Warm processes, from which validation forks its dozens of kernels and check servers.

Their imports take a second and more, and are the same each time. A fork is then as a process of its
own would be: arguments, environment, folder, streams, signals. What a check imports in one notebook
is not there in the check of an earlier one: there is a warm process for each step of `warm.SLOW`.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import runpy
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from workbook.forkserver import preload
from workbook.stack import nursery

RELAY = Path(__file__).with_name("fork_relay.py")
OWN = Path(sys.executable).parent
KERNEL = "kernel"
KERNELS_OWN = "ipykernel.kernelapp", "ipykernel.ipkernel", "workbook.lab.lab"
"""What a kernel has imported after a notebook's first cell, whichever it is."""


@contextlib.contextmanager
def warm_processes(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The processes, started with these settings; the environment by which they are found.

    Where the system has no descriptors for processes there are none, and it is empty.
    """
    with tempfile.TemporaryDirectory(prefix="nf-") as folder, contextlib.ExitStack() as ends:
        if not hasattr(os, "pidfd_open"):
            yield {}
            return
        for name in (KERNEL, *preload.SLOW):
            ends.enter_context(_process(Path(folder) / name, environment))
        relay = shlex.join([sys.executable, "-SE", str(RELAY), folder])
        yield {
            "PATH": os.pathsep.join([_scripts(folder, relay), str(OWN), os.environ["PATH"]]),
            "WORKBOOK_FORKED_KERNEL": relay,
            "WORKBOOK_CHECK_SERVER": f"{relay} workbook.checks.server",
        }


def _scripts(folder: str, relay: str) -> str:
    """A folder with what a shell runs for `alembic`: most of its time goes to imports too."""
    script = Path(folder, "bin", "alembic")
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {relay} alembic "$@"\n', "utf-8")
    script.chmod(0o755)
    return str(script.parent)


@contextlib.contextmanager
def _process(address: Path, environment: dict[str, str]) -> Iterator[None]:
    end, leash = os.pipe()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(address))
        listening.listen(16)
        fds = listening.fileno(), end
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, address.name, *map(str, fds)],
            pass_fds=fds,
            env=os.environ | environment,
            cwd="/",
            start_new_session=True,
        )
    os.close(end)
    try:
        yield
    finally:
        os.close(leash)
        process.wait(10)


def _midwife(asked: socket.socket) -> None:
    """Start one module, tell its end, and end it where whoever asked is gone."""
    text, fds, _, _ = socket.recv_fds(asked, nursery.MOST, 3)
    request = json.loads(text)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        asked.close()
        _become(fds, request["command"], request["environment"], request["folder"])
    for each in fds:
        os.close(each)
    with contextlib.suppress(OSError):  # gone already: it can be read, then
        asked.sendall(f"{pid}\n".encode())
    ended = os.pidfd_open(pid)
    if ended not in select.select([ended, asked.fileno()], [], [])[0]:
        _kill(pid)
    _, status = os.waitpid(pid, 0)
    asked.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _kill(pid: int) -> None:
    """End a fork and what it started; it may not lead a group of its own yet."""
    for how in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError):
            how(pid, signal.SIGKILL)


def _become(fds: list[int], command: list[str], environment: dict[str, str], folder: str) -> None:
    """Be this module, in this process."""
    os.setsid()
    for number, fd in enumerate(fds):
        os.dup2(fd, number)
        os.close(fd)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    random.seed()
    os.chdir(folder)
    sys.path.insert(0, str(OWN) if command[0] == "alembic" else folder)  # as for its own script
    sys.argv[:] = command
    code = 1
    try:
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else bool(end.code)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def main() -> None:
    """Get warm, and serve until the leash is let go."""
    name, listening, end = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if name == KERNEL:
        for module in KERNELS_OWN:
            importlib.import_module(module)
        gc.freeze()
    else:
        preload.up(name)
    nursery.serve(socket.socket(fileno=listening), end, _midwife)


if __name__ == "__main__":
    main()
