"""Run one command the way a container runs its first process, and never outlive who asked.

`python -SE pid1.py UID NURSERY COMMAND…`, as a script of its own, on the standard library alone.
The first process of a container ignores every signal for which it has no handler of its own, so
the command begins with SIGTERM and SIGINT ignored. Where it ends, whatever it left behind ends too.
On standard input come the names of signals to pass on, a line each; its end means that the asker is
gone. NURSERY is the socket of a warm process that starts the command, or `-`; where nobody answers
there, the command starts cold.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Protocol

NOT_FOUND = 127


class Child(Protocol):
    """The command, whoever started it; it leads a process group of its own."""

    pid: int

    def wait(self) -> int:
        """Its exit code, or minus the number of the signal that ended it."""

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""


class Born:
    """A command that the nursery has started."""

    def __init__(self, nursery: str, command: list[str]) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(nursery)
        request = {"command": command, "environment": dict(os.environ), "folder": str(Path.cwd())}
        socket.send_fds(self._line, [json.dumps(request).encode()], [1])
        self._said = self._line.makefile()
        self.pid = int(self._said.readline())

    def wait(self) -> int:
        """Its exit code, or minus the number of the signal that ended it."""
        return int(self._said.readline() or -signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


def main() -> int:
    """The exit code of the command; 128 and the signal's number where a signal ended it."""
    uid, nursery, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    child: Child
    try:
        child = _born(nursery, command) or _started(uid, command)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", flush=True)
        return NOT_FOUND
    threading.Thread(target=_listen, args=[child], daemon=True).start()
    code: int = child.wait()
    _end(child.pid)
    return code if code >= 0 else 128 - code


def _born(nursery: str, command: list[str]) -> Child | None:
    with contextlib.suppress(OSError, ValueError):
        return Born(nursery, command) if nursery != "-" else None
    return None


def _started(uid: int, command: list[str]) -> Child:
    account = {"user": uid, "group": _group(uid), "extra_groups": []} if uid else {}
    child: Child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_as_the_first_process,
        **account,  # type: ignore[call-overload]
    )
    return child


def _group(uid: int) -> int:
    import pwd

    return pwd.getpwuid(uid).pw_gid


def _as_the_first_process() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _listen(child: Child) -> None:
    for line in sys.stdin:
        if line.strip() == "SIGKILL":
            _end(child.pid)
        else:
            child.send_signal(signal.Signals[line.strip()])
    _end(child.pid)


def _end(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
