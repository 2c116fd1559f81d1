"""What a fork server does: it answers each request by a fork, until its maker is gone."""

import contextlib
import os
import select
import signal
import socket
from pathlib import Path

from workbook.forkserver import records
from workbook.forkserver.child import become
from workbook.forkserver.client import receive


def serve(listening: int, lifeline: int) -> None:
    """Serve requests at this socket until the lifeline is let go; then take the socket away."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the handlers
    server = socket.socket(fileno=listening)
    while lifeline not in select.select([listening, lifeline], [], [])[0]:
        line, _ = server.accept()
        if os.fork() == 0:
            server.close()
            os.close(lifeline)
            with contextlib.suppress(OSError, ValueError, EOFError):
                _handle(line)
            os._exit(0)
        line.close()
    address = Path(server.getsockname())
    address.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        address.parent.rmdir()


def _handle(line: socket.socket) -> None:
    """Fork once for one request, tell the process id, wait for its end, and tell its status."""
    job, fds = receive(line)
    ended = _tell_of_children()
    pid = os.fork()
    if pid == 0:
        line.close()
        become(job, fds)
    for fd in fds:
        os.close(fd)
    records.note(pid, job.environment, " ".join([job.target, *job.arguments]))
    with contextlib.suppress(OSError):  # whoever asked may be gone already
        line.sendall(f"{pid}\n".encode())
    status = _end_of(pid, ended, None if job.outlives_asker else line)
    line.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _tell_of_children() -> int:
    """A descriptor that can be read when a child of this process has ended."""
    told, tells = os.pipe()
    os.set_blocking(tells, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(tells)
    return told


def _end_of(pid: int, ended: int, asker: socket.socket | None) -> int:
    """Wait for the end of a fork; where whoever asked is gone, end it and its group."""
    watched = [ended] if asker is None else [ended, asker.fileno()]
    while True:
        ready = select.select(watched, [], [])[0]
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        if ended in ready:
            os.read(ended, 64)
        elif asker is not None:
            _kill(pid)
            watched = [ended]


def _kill(pid: int) -> None:
    """End a fork and what it started; it may not lead a group of its own yet."""
    for how in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError):
            how(pid, signal.SIGKILL)
