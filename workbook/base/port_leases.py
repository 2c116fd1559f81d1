"""Ports that a process has chosen and not opened yet: no other one chooses them meanwhile.

Between the choice and the moment when a server listens there, a port looks free to everybody.
"""

import contextlib
import fcntl
import functools
import os

from workbook.base import sockets

_ours: set[int] = set()


def take(port: int) -> bool:
    """Whether the port is ours now, until this process ends; True too where no file can be."""
    if port in _ours:
        return False
    if (file := _leases()) is not None:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        except OSError:
            return False
    _ours.add(port)
    return True


@functools.cache
def _leases() -> int | None:
    """A file of this account, whose byte N stands for port N; the system releases its locks.

    It stays open: with any copy that a process closes, all locks of the process are gone.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    with contextlib.suppress(OSError):
        return os.open(sockets.home() / f"nightwatch-ports-{os.getuid()}", flags, 0o600)
    return None
