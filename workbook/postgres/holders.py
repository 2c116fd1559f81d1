"""Which processes of this workbook still use databases: a file for each, locked while it lives.

The operating system gives a lock up however its process ends, and a container sees the locks of
another one that has the same folder. A process id says neither.
"""

import atexit
import os
import secrets
from pathlib import Path

from workbook.base import paths
from workbook.base.locks import Lock

FOLDER = "holders"
LETTERS = 8

_mine: tuple[Path, str, Lock] | None = None


def mine() -> str:
    """The name of this process, eight hexadecimal digits: it is held from now on to its end."""
    global _mine
    home = paths.state() / FOLDER
    if _mine is None or _mine[0] != home:
        _leave()
        _mine = _held(home, secrets.token_hex(LETTERS // 2))
    return _mine[1]


def is_gone(name: str) -> bool:
    """Whether the process of that name, of this workbook, has ended; False where nobody can say."""
    lock = Lock(paths.state() / FOLDER / name, create=False)
    try:
        return not lock.is_taken()
    except FileNotFoundError:
        return True
    except OSError:
        return False


def forget_the_gone() -> None:
    """Remove the files of those that were killed."""
    for path in (paths.state() / FOLDER).glob("[!.]*"):
        if is_gone(path.name):
            path.unlink(missing_ok=True)


def _held(home: Path, name: str) -> tuple[Path, str, Lock]:
    """Lock the file before it has its name: nobody may take it for that of one who has gone."""
    home.mkdir(parents=True, exist_ok=True)
    lock = Lock(home / f".{name}")
    try:
        lock.try_take()
    except OSError:  # a disk without locks: `is_gone` fails there as well, and nothing is removed
        lock.path.touch()
    lock.path = lock.path.rename(home / name)
    return home, name, lock


def _leave() -> None:
    global _mine
    held, _mine = _mine, None
    if held:
        held[2].path.unlink(missing_ok=True)
        held[2].free()


def _after_fork() -> None:
    global _mine
    _mine = None


atexit.register(_leave)
os.register_at_fork(after_in_child=_after_fork)
