"""Run one command the way a container runs its first process, and never outlive who asked.

`python -SEP pid1.py UID FORKSERVER COMMAND…`, as a script of its own. The first process of a
container ignores every signal for which it has no handler of its own, so the command begins with
SIGTERM and SIGINT ignored. Where it ends, whatever it left behind ends too. On standard input come
the names of signals to pass on, a line each; its end means that the asker is gone. FORKSERVER is
the socket of a fork server that starts the command, or `-`; where nobody answers there, the command
starts cold.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Protocol

sys.path.insert(0, str(Path(__file__).parents[2]))  # nothing is installed for a bare Python
from workbook.forkserver import client

NOT_FOUND = 127
IGNORED = (signal.SIGTERM, signal.SIGINT)


class Child(Protocol):
    """The command, whoever started it; it leads a process group of its own."""

    pid: int

    def wait(self) -> int:
        """Its exit code, or minus the number of the signal that ended it."""

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""


def main() -> int:
    """The exit code of the command; 128 and the signal's number where a signal ended it."""
    uid, server, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    child: Child
    try:
        child = _forked(server, command) or _started(uid, command)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", flush=True)
        return NOT_FOUND
    threading.Thread(target=_listen, args=[child], daemon=True).start()
    code: int = child.wait()
    _end(child.pid)
    return code if code >= 0 else 128 - code


def _forked(server: str, command: list[str]) -> Child | None:
    script = Path(sys.executable).parent / command[0]
    here, nowhere = str(Path.cwd()), os.open(os.devnull, os.O_RDONLY)
    job = client.Job(f"script:{script}", tuple(command[1:]), dict(os.environ), here, IGNORED)
    with contextlib.suppress(OSError):
        return client.run(server, job, [nowhere, 1, 1]) if server != "-" else None
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
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)


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
