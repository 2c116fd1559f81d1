"""Ask a fork server to run something, and follow it to its end.

On the standard library alone. As a script it stands for the program that it asks for, with its own
streams, environment and folder: `python -SEP client.py ADDRESS TARGET ARG…`. It passes interrupts
on, and ends as the program ends.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

LENGTH = 8
"""How many bytes hold the length of a request, in bytes."""
START_SECONDS = 60.0
"""How long a fork may take to begin: a server that was started a moment ago has much to import."""
KILL_SECONDS = 5.0
"""How long the news of a killed fork may take."""
MOST_FDS = 8
"""How many file descriptors may go with a request."""


@dataclass(frozen=True)
class Job:
    """What a fork is to run, and as what."""

    target: str
    """`script:/path/to/alembic`, `module:ipykernel_launcher` or `call:package.module:function`."""
    arguments: tuple[str, ...]
    """What follows the program's name, or what the function is called with."""
    environment: dict[str, str]
    folder: str
    """The current folder that it starts in."""
    ignored: tuple[int, ...] = ()
    """Signals that it begins with ignoring, by number."""
    outlives_asker: bool = False
    """Whether it goes on where whoever asked is gone; else it and its group are killed."""
    takes_group_along: bool = False
    """Whether what it has left in its process group is killed when it has ended."""


def send(line: socket.socket, job: Job, fds: Sequence[int]) -> None:
    """Send a request of any size, and with it the descriptors that are to be 0, 1, 2 … there."""
    text = json.dumps(asdict(job)).encode()
    socket.send_fds(line, [len(text).to_bytes(LENGTH, "big")], fds)
    line.sendall(text)


def receive(line: socket.socket) -> tuple[Job, list[int]]:
    """The other end of `send`: the request and its descriptors; EOFError where it is cut off."""
    head, fds, _, _ = socket.recv_fds(line, LENGTH, MOST_FDS)
    try:
        head += _exactly(line, LENGTH - len(head))
        raw = json.loads(_exactly(line, int.from_bytes(head, "big")))
        return Job(**raw | {key: tuple(raw[key]) for key in ("arguments", "ignored")}), fds
    except BaseException:
        for fd in fds:  # whoever waits for the other end of one would wait for ever
            os.close(fd)
        raise


def _exactly(line: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        part = line.recv(count - len(found))
        if not part:
            raise EOFError("the request ended early")
        found += part
    return bytes(found)


class Child:
    """A fork that runs; it leads a process group of its own, and ends with this object's line."""

    def __init__(self, line: socket.socket) -> None:
        self.pid = 0
        """Its process id, once it has begun."""
        self._line = line
        self._answers = line.makefile("rb")
        self._status: int | None = None
        self._reading = threading.Lock()

    def begun(self, timeout: float = START_SECONDS) -> "Child":
        """Wait until it is there, and return it.

        ConnectionError where nothing was started, TimeoutError where nobody has answered in time.
        """
        ready = select.select([self._line], [], [], timeout)[0]
        self.pid = int(self._answers.readline() or 0) if ready else 0
        if not self.pid:
            self.close()
            how = ConnectionError if ready else TimeoutError
            raise how("the fork server started nothing")
        return self

    def fileno(self) -> int:
        """The descriptor that can be read when the fork has ended."""
        return self._line.fileno()

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, or minus the number of the signal that ended it.

        TimeoutError where it has not ended after so many seconds. Where the server was killed,
        nobody knows the code: it is that of SIGKILL.
        """
        if self._status is None and not select.select([self._line], [], [], timeout)[0]:
            raise TimeoutError(f"process {self.pid} has not ended after {timeout} s")
        with self._reading:  # one thread may wait for its end while another sends signals
            if self._status is None:
                self._status = int(self._answers.readline() or -signal.SIGKILL)
        return self._status

    def has_ended(self) -> bool:
        """Whether its end is known: then its process id may be somebody else's."""
        if self._status is None and select.select([self._line], [], [], 0)[0]:
            self.wait()
        return self._status is not None

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        with contextlib.suppress(ProcessLookupError):
            if not self.has_ended():
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it and its group on the spot, and wait for its end; it may not lead a group yet."""
        if self.pid and not self.has_ended():
            for how in (os.killpg, os.kill):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    how(self.pid, signal.SIGKILL)
            with contextlib.suppress(TimeoutError):
                self.wait(KILL_SECONDS)

    def close(self) -> None:
        """Let go of it: it is killed with its group, unless it was to outlive its asker."""
        self._answers.close()
        self._line.close()


def ask(address: str | Path, job: Job, fds: Sequence[int]) -> Child:
    """Ask the fork server at this socket, and do not wait; OSError where nobody listens.

    `fds` are three or more: the fork's streams, and what else it is to have from 3 on.
    """
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(str(address))
        send(line, job, fds)
    except BaseException:
        line.close()
        raise
    return Child(line)


def run(address: str | Path, job: Job, fds: Sequence[int]) -> Child:
    """Ask as `ask` does, and wait until the fork is there; OSError where it does not come."""
    return ask(address, job, fds).begun()


def main() -> int:
    """The exit code of the fork; 128 and the signal's number where a signal ended it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # until there is somebody to tell
    while os.open(os.devnull, os.O_RDWR) < 3:  # a stream that a shell has closed
        pass
    address, target, *arguments = sys.argv[1:]
    job = Job(target, tuple(arguments), dict(os.environ), str(Path.cwd()))
    child = run(address, job, [0, 1, 2])
    for number in (0, 1, 2):  # only the fork holds them now: whoever reads sees its end
        os.dup2(os.open(os.devnull, os.O_RDWR), number)
    _pass_on(signal.SIGINT, child)
    code = child.wait()
    return code if code >= 0 else 128 - code


def _pass_on(number: signal.Signals, child: Child) -> None:
    """Send this signal on, each time it comes, until the fork has ended."""
    told, tells = os.pipe()
    os.set_blocking(tells, False)
    signal.set_wakeup_fd(tells)
    signal.signal(number, lambda *_: child.send_signal(number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    line = child.fileno()
    while line not in select.select([line, told], [], [])[0]:
        os.read(told, 1)


if __name__ == "__main__":
    sys.exit(main())
