"""Run one command the way a container runs its first process, and never outlive who asked.

`python -SE pid1.py UID COMMAND…`, as a script of its own, on the standard library alone. The first
process of a container ignores every signal for which it has no handler of its own, so the command
begins with SIGTERM and SIGINT ignored. Where it ends, whatever it left behind ends too. On standard
input come the names of signals to pass on, a line each; its end means that the asker is gone.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

NOT_FOUND = 127


def main() -> int:
    """The exit code of the command; 128 and the signal's number where a signal ended it."""
    uid, command = int(sys.argv[1]), sys.argv[2:]
    account = {"user": uid, "group": _group(uid), "extra_groups": []} if uid else {}
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_as_the_first_process,
            **account,  # type: ignore[call-overload]
        )
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", flush=True)
        return NOT_FOUND
    threading.Thread(target=_listen, args=[child], daemon=True).start()
    code: int = child.wait()
    _end(child.pid)
    return code if code >= 0 else 128 - code


def _group(uid: int) -> int:
    import pwd

    return pwd.getpwuid(uid).pw_gid


def _as_the_first_process() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _listen(child: "subprocess.Popen[bytes]") -> None:
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
