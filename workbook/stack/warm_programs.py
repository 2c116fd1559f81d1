"""The fork server that starts the Python programs of a replayed stack: `alembic` and `uvicorn`.

They spend a second and more on imports that are the same each time.
"""

import os
import sys
import threading
from pathlib import Path

from workbook.forkserver import preload
from workbook.forkserver.server import ForkServer, forked_here, spawned
from workbook.myapp.modules import forget

PRELOADED = preload.modules("05")
"""What the app needs from the notebook on in which it is served; later ones add its tests."""

_servers: list[ForkServer] = []


def fork_server() -> ForkServer:
    """The fork server of this process, made when it is asked for first.

    A process that has loaded what is needed, as a check has, forks itself.
    """
    if not _servers:
        warm = preload.is_loaded() and threading.active_count() == 1
        _servers.append(ForkServer(forked_here(_forget_answer) if warm else spawned(PRELOADED)))
    return _servers[0]


def close() -> None:
    """End the fork server of this process, if it has one."""
    while _servers:
        _servers.pop().close()


def can_fork(command: str, path: str) -> bool:
    """Whether this program is a script of our own Python, which can be run in a fork."""
    own = Path(sys.executable).parent
    for folder in path.split(os.pathsep):
        found = Path(folder) / command
        if "/" not in command and os.access(found, os.X_OK):
            return Path(folder) == own and found.read_bytes()[:2] == b"#!"
    return False


def _forget_answer() -> None:
    """A program imports its own app, not that of the check which has started it."""
    for name in ("app", "tests", "answer"):
        forget(name)
