"""Stands for a process that was forked elsewhere: `python -SE fork_relay.py FOLDER MODULE ARG…`.

A script of its own, on the standard library alone. It passes its streams, environment and folder
to the warm process, sends interrupts on, and ends as the fork ends.
"""

import json
import os
import select
import signal
import socket
import sys
from pathlib import Path


def main() -> int:
    """The exit code of the fork; 128 and the signal's number where a signal ended it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # until there is somebody to tell
    while os.open(os.devnull, os.O_RDWR) < 3:  # a stream that a shell has closed
        pass
    folder, command = Path(sys.argv[1]), sys.argv[2:]
    line = socket.socket(socket.AF_UNIX)
    line.connect(str(folder / _name(folder, command)))
    request = {"command": command, "environment": dict(os.environ), "folder": str(Path.cwd())}
    socket.send_fds(line, [json.dumps(request).encode()], [0, 1, 2])
    said = line.makefile()
    pid = int(said.readline())
    for number in (0, 1, 2):  # only the fork holds them now: whoever reads sees its end
        os.dup2(os.open(os.devnull, os.O_RDWR), number)
    _pass_on(signal.SIGINT, pid, line)
    code = int(said.readline() or -signal.SIGKILL)
    return code if code >= 0 else 128 - code


def _pass_on(number: signal.Signals, pid: int, line: socket.socket) -> None:
    """Send this signal on to the fork, each time it comes, until there is something to read."""
    told, tells = os.pipe()
    os.set_blocking(tells, False)
    signal.set_wakeup_fd(tells)
    signal.signal(number, lambda *_: os.kill(pid, number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    while line.fileno() not in select.select([line.fileno(), told], [], [])[0]:
        os.read(told, 1)


def _name(folder: Path, command: list[str]) -> str:
    """The warm process of kernels, of checks by the number that comes last, or for a shell."""
    if command[0] == "ipykernel_launcher":
        return "kernel"
    numbers = sorted(each.name for each in folder.iterdir() if each.name.isdigit())
    if command[0] == "alembic":
        return numbers[0]
    return max(each for each in numbers if each <= command[-1])


if __name__ == "__main__":
    sys.exit(main())
