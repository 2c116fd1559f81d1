"""What a fork server does: it answers each request by a fork, until its maker is gone."""

import contextlib
import os
import select
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from workbook.base import platforms
from workbook.forkserver import records
from workbook.forkserver.child import become
from workbook.forkserver.client import Job, receive

RECEIVE_SECONDS = 10.0
"""How long a request may take to arrive; it is sent by programs of this machine."""


@dataclass
class Fork:
    """A fork that runs, and the line on which its end is told."""

    pid: int
    line: socket.socket
    ends_with_asker: bool
    """Whether it is to be killed when the line closes; no longer, once that was done."""
    takes_group_along: bool

    def kill(self) -> None:
        """End it and what it started; it may not lead a group of its own yet."""
        self.ends_with_asker = False
        platforms.kill_group(self.pid)

    def tell(self, text: str) -> None:
        """Send a line to whoever asked, who may be gone."""
        with contextlib.suppress(OSError):
            self.line.sendall(f"{text}\n".encode())


def serve(listening: int, lifeline: int) -> None:
    """Serve requests at this socket until the lifeline is let go; then end what runs, and go."""
    server, forks = socket.socket(fileno=listening), list[Fork]()
    ended, tells = _tell_of_children()
    while True:
        askers = {each.line.fileno(): each for each in forks if each.ends_with_asker}
        ready = select.select([listening, lifeline, ended, *askers], [], [])[0]
        if lifeline in ready:
            break
        if ended in ready:
            os.read(ended, 64)
            forks = [each for each in forks if not _has_ended(each)]
        for gone in askers.keys() & set(ready):
            askers[gone].kill()
        if listening in ready:
            forks += _answer(server, [lifeline, ended, tells], forks)
    for each in forks:
        if each.ends_with_asker:
            each.kill()
    address = Path(server.getsockname())
    address.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        address.parent.rmdir()


def _tell_of_children() -> tuple[int, int]:
    """A descriptor that can be read when a child of this process has ended, and its other end."""
    told, tells = os.pipe()
    os.set_blocking(tells, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(tells)
    return told, tells


def _has_ended(fork: Fork) -> bool:
    """Whether it has; then whoever asked is told its status.

    Its group is killed before anybody has asked for its status: until then the number is its own.
    """
    if fork.takes_group_along and platforms.is_over(fork.pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(fork.pid, signal.SIGKILL)
    done, status = os.waitpid(fork.pid, os.WNOHANG)
    if done:
        fork.tell(str(os.waitstatus_to_exitcode(status)))
        fork.line.close()
    return bool(done)


def _answer(server: socket.socket, own: list[int], forks: list[Fork]) -> list[Fork]:
    """Fork for one request, and tell the process id; nothing for a request that is none."""
    line, _ = server.accept()
    line.settimeout(RECEIVE_SECONDS)
    try:
        job, fds = receive(line)
    except (OSError, EOFError, ValueError, TypeError, KeyError):
        line.close()
        return []
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)  # from Python 3.12 on, asyncio has done so in the fork
        for each in (server, line, *(other.line for other in forks)):
            each.close()
        for fd in own:
            os.close(fd)
        become(job, fds)
    for fd in fds:
        os.close(fd)
    return [_begun(pid, job, line)]


def _begun(pid: int, job: Job, line: socket.socket) -> Fork:
    records.note(pid, job.environment, " ".join([job.target, *job.arguments]))
    fork = Fork(pid, line, not job.outlives_asker, job.takes_group_along)
    fork.tell(str(pid))
    return fork
