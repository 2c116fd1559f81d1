"""mypy on the learner's files, as strict as it goes; its cache is filled before it is needed."""

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from workbook.base import paths
from workbook.myapp import standin

SECONDS = 80
"""How long a run may take: the first one reads the types of all that the app imports."""
OPTIONS = (
    "--strict",
    "--no-error-summary",
    "--no-pretty",
    "--no-color-output",
    "--follow-imports=silent",
    "--explicit-package-bases",
)


def said_of(*files: str) -> tuple[int, str]:
    """What mypy says of these files in the current folder, after its exit code."""
    with _alone():
        ran = subprocess.run(
            _command(*files), capture_output=True, text=True, env=_environment(), timeout=SECONDS
        )
    return ran.returncode, ran.stdout + ran.stderr


def fill(number: str, file: str) -> "subprocess.Popen[bytes] | None":
    """Begin to fill an empty cache, by a file of the app as this notebook's solution leaves it.

    Whoever asks for types meanwhile waits for the end. None where there is nothing to do.
    """
    if _cache().exists():
        return None
    folder = _cache() / "first"
    standin.write_reference(number, folder)
    with _lock() as lock, contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        run = subprocess.Popen(
            _command(file),
            cwd=folder,
            env=_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[lock],  # it is held for as long as this process is there
        )
        os.setpriority(os.PRIO_PROCESS, run.pid, 10)
        return run
    return None


def _command(*files: str) -> list[str]:
    return [sys.executable, "-m", "mypy", *OPTIONS, f"--cache-dir={_cache()}", *files]


def _environment() -> dict[str, str]:
    return os.environ | {"MYPYPATH": "."}


def _cache() -> Path:
    return Path(os.environ.get("WORKBOOK_TYPE_CACHE") or paths.state() / "mypy")


@contextlib.contextmanager
def _lock() -> Iterator[int]:
    _cache().mkdir(parents=True, exist_ok=True)
    lock = os.open(_cache() / "lock", os.O_RDWR | os.O_CREAT)
    try:
        yield lock
    finally:
        os.close(lock)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Wait for whoever fills the cache; who never ends is not waited for."""
    with _lock() as lock:
        for _ in range(SECONDS * 10):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                break
            time.sleep(0.1)
        yield
