"""A warm process that gives birth to the Python programs of a replayed stack.

`alembic` and `uvicorn` spend a second and more on imports that are the same each time. Whoever runs
them here has done these before, and forks. The child is as the program's own process would be: its
arguments, environment, folder and signals, and none of the app's modules.
"""

import contextlib
import json
import os
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from workbook.base import paths
from workbook.forkserver import preload
from workbook.myapp.modules import forget

NUMBER = "05"
"""From this notebook on the app is served; what later ones need are tests."""
MOST = 1 << 20
"""The size of the largest request, in bytes."""


class Nursery:
    """The warm process, and the socket at which it is asked; it ends with whoever made it."""

    def __init__(self) -> None:
        self.address = str(Path(tempfile.mkdtemp(prefix="nw-n-")) / "s")
        self._end, self._leash = os.pipe()
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(self.address)
            listening.listen(16)
            self._ended = self._begin(listening)
        os.close(self._end)

    def _begin(self, listening: socket.socket) -> Callable[[], object]:
        """Start it; what waits for its end. A process that is warm itself, as a check is, forks."""
        if not preload.is_up() or threading.active_count() > 1:
            return partial(_spawn(listening.fileno(), self._end).wait, 10)
        if pid := os.fork():
            return partial(os.waitpid, pid, 0)
        with contextlib.suppress(BaseException):
            os.setsid()
            _keep_only(listening.fileno(), self._end)
            serve(listening, self._end)
        os._exit(0)

    def close(self) -> None:
        """End it."""
        os.close(self._leash)
        self._ended()


_nurseries: list[Nursery] = []


def of_this_process() -> Nursery:
    """The nursery of this process, made when it is asked for first."""
    if not _nurseries:
        _nurseries.append(Nursery())
    return _nurseries[0]


def close() -> None:
    """End the nursery of this process, if it has one."""
    while _nurseries:
        _nurseries.pop().close()


def _spawn(*fds: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "workbook.stack.nursery", *map(str, fds)]
    env = os.environ | {"PYTHONPATH": str(paths.ROOT)}
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        command,
        pass_fds=fds,
        env=env,
        cwd="/",
        start_new_session=True,
        stdin=nowhere,
        stdout=nowhere,
        stderr=nowhere,
    )


def _keep_only(*fds: int) -> None:
    """Let go of whatever else was open when this process was forked."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    for number in {int(each.name) for each in Path("/dev/fd").iterdir()} - {0, 1, 2, *fds}:
        with contextlib.suppress(OSError):  # the one that listed them is gone
            os.close(number)


def takes(command: str, path: str) -> bool:
    """Whether this program is a script of our own Python, which can be run in a fork."""
    own = Path(sys.executable).parent
    for folder in path.split(os.pathsep):
        found = Path(folder) / command
        if "/" not in command and os.access(found, os.X_OK):
            return Path(folder) == own and found.read_bytes()[:2] == b"#!"
    return False


def _midwife(asked: socket.socket) -> None:
    """Start one program, tell its process id, wait for its end, and tell its exit status."""
    text, fds, _, _ = socket.recv_fds(asked, MOST, 1)
    request = json.loads(text)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        asked.close()
        _become(fds[0], request["command"], request["environment"], request["folder"])
    asked.sendall(f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    asked.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _become(out: int, command: list[str], environment: Mapping[str, str], folder: str) -> None:
    """Be this program, in this process."""
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT):  # as the first process of a container
        signal.signal(number, signal.SIG_IGN)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(out)
    sys.stdout, sys.stderr = os.fdopen(1, "w", 1), os.fdopen(2, "w", 1)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for name in ("app", "tests", "answer"):
        forget(name)
    script = str(Path(sys.executable).parent / command[0])
    roots = (sys.prefix, sys.base_prefix, sys.exec_prefix)
    sys.path[:] = [str(Path(script).parent), *(p for p in sys.path if p.startswith(roots))]
    sys.argv[:] = [script, *command[1:]]
    os._exit(_run(script))


def _run(script: str) -> int:
    """The exit code of a script, as Python gives it."""
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def serve(
    listening: socket.socket, end: int, midwife: Callable[[socket.socket], None] = _midwife
) -> None:
    """Give birth to whatever is asked for, until whoever made us is gone."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    while end not in select.select([listening.fileno(), end], [], [])[0]:
        asked, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            with contextlib.suppress(OSError, ValueError):
                midwife(asked)
            os._exit(0)
        asked.close()
    shutil.rmtree(Path(listening.getsockname()).parent, ignore_errors=True)


def main() -> None:
    """Get warm, and serve at this socket."""
    preload.up(NUMBER)
    serve(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))


if __name__ == "__main__":
    main()
