"""The process that forks: how it is started, and how it ends."""

import atexit
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from workbook.base import paths, sockets
from workbook.base.waiting import eventually_sync
from workbook.forkserver import client, records
from workbook.forkserver.client import Job
from workbook.forkserver.loop import serve

STOP_SECONDS = 10
"""How long a server may take to end, before it is killed."""


class Process(Protocol):
    """The server's process, however it was started."""

    def wait(self, timeout: float) -> object:
        """Wait for its end; TimeoutError or TimeoutExpired where it does not come in time."""

    def kill(self) -> None:
        """End it on the spot."""


Start = Callable[[int, int], Process]
"""What starts the process, with a listening socket and the reading end of the lifeline."""


class ForkServer:
    """A running fork server, and the socket at which it is asked; it ends with whoever made it.

    It hears of that through a pipe, the lifeline, whose writing end closes with `close` and with
    the end of this process, however that comes. It can be asked at once, and answers when its
    imports are done.
    """

    def __init__(self, start: Start, address: Path | None = None) -> None:
        """Open the socket, at `address` or in a new folder, and start the process."""
        self.address = address or Path(tempfile.mkdtemp(prefix="nw-f-", dir=sockets.home())) / "s"
        lifeline, self._lifeline = os.pipe()
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(self.address))
            listening.listen(16)
            self._process = start(listening.fileno(), lifeline)
        os.close(lifeline)

    def close(self) -> None:
        """End it, and with it what it has forked and was not to outlive its asker."""
        os.close(self._lifeline)
        try:
            self._process.wait(STOP_SECONDS)
        except (TimeoutError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait(STOP_SECONDS)
        remove(self.address)


def remove(address: Path) -> None:
    """Remove a server's socket, and its folder where nothing else is in it."""
    address.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        address.parent.rmdir()


def spawned(modules: Iterable[str], environment: Mapping[str, str] | None = None) -> Start:
    """Start a new Python that imports these modules ahead."""

    def start(*fds: int) -> Process:
        nowhere = subprocess.DEVNULL
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "workbook.forkserver", *map(str, fds), *modules],
            pass_fds=fds,
            env=os.environ | {"PYTHONPATH": str(paths.ROOT)} | dict(environment or {}),
            cwd="/",
            start_new_session=True,
            stdin=nowhere,
            stdout=nowhere,
            stderr=nowhere,
        )

    return start


def forked_from(parent: Path, modules: Iterable[str]) -> Start:
    """Fork another server, the one at this address, whose imports are done; add these."""

    def start(*fds: int) -> Process:
        nowhere = os.open(os.devnull, os.O_RDWR)
        arguments = ("3", "4", *modules)  # where the descriptors behind the three streams arrive
        environment = os.environ | {"PYTHONPATH": str(paths.ROOT)}
        job = Job("module:workbook.forkserver", arguments, environment, "/", outlives_asker=True)
        try:
            return client.run(parent, job, [nowhere, nowhere, nowhere, *fds])
        finally:
            os.close(nowhere)

    return start


def forked_here(forget: Callable[[], None]) -> Start:
    """Fork this process, which has loaded what is needed and has one thread.

    `forget` is called in the fork before it serves: for what is this process' own affair.
    """

    def start(*fds: int) -> Process:
        if pid := os.fork():
            return _Forked(pid)
        with contextlib.suppress(BaseException):
            os.setsid()
            _keep_only(*fds)
            records.note(os.getpid(), os.environ, "a fork server")
            atexit._clear()
            forget()
            serve(*fds)
        os._exit(0)

    return start


class _Forked:
    """A process that this one has forked by itself."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def wait(self, timeout: float) -> None:
        """Wait for its end; TimeoutError where it does not come in time."""
        if not eventually_sync(lambda: os.waitpid(self._pid, os.WNOHANG)[0], timeout, 0.005):
            raise TimeoutError(f"process {self._pid} has not ended after {timeout} s")

    def kill(self) -> None:
        """End it on the spot."""
        os.kill(self._pid, 9)


def _keep_only(*fds: int) -> None:
    """Let go of whatever else was open when this process was forked."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    start = 3
    for fd in sorted(fds):
        os.closerange(start, fd)
        start = fd + 1
    os.closerange(start, max(os.sysconf("SC_OPEN_MAX"), 4096))
