"""mypy on the learner's files, as strict as it goes; its cache is filled before it is needed."""

import contextlib
import fcntl
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from workbook.base import paths, settings
from workbook.base.waiting import eventually_sync
from workbook.checks.verdict import CannotJudge
from workbook.myapp import standin

MODELS = "app/models.py"
"""The file of the app that the exercises of notebook 02 are about."""
_TIMEOUT = 75
"""How many seconds to wait for the cache, and for a run: the first one reads the types of all that
the app imports."""
_NOT_READY = (
    "mypy was still reading the types of SQLAlchemy when the time for this check was over."
    " Your answer was not judged. Check again: what mypy has read by now, it keeps."
)
_OPTIONS = (
    "--strict",
    "--no-error-summary",
    "--no-pretty",
    "--no-color-output",
    "--follow-imports=silent",
    "--explicit-package-bases",
)


def run_mypy(*files: str) -> tuple[int, str]:
    """The exit code of mypy on these files in the current folder, and what it says of them.

    CannotJudge where it has not answered in time.
    """
    deadline = time.monotonic() + _TIMEOUT
    _date_by_text(files)
    try:
        with _alone_with_the_cache():
            left = max(1.0, deadline - time.monotonic())
            ran = subprocess.run(
                _command(*files), capture_output=True, text=True, env=_environment(), timeout=left
            )
    except subprocess.TimeoutExpired as error:
        raise CannotJudge(_NOT_READY) from error
    return ran.returncode, ran.stdout + ran.stderr


def _date_by_text(files: tuple[str, ...]) -> None:
    """Give each file a date that stands for its text.

    mypy takes a file of the same size and second for the one that it has read: of two answers that
    were checked within a second, the later one was told of the types of the earlier.
    """
    for file in filter(Path.exists, map(Path, files)):
        stands_for = zlib.crc32(file.read_bytes())
        os.utime(file, (stands_for, stands_for))


def start_filling_cache(number: str, file: str) -> "subprocess.Popen[bytes] | None":
    """Begin to fill the cache, by a file of the app as this notebook's solution leaves it.

    Whoever asks for types meanwhile waits for the end. None where there is nothing to do.
    """
    if _full().exists():
        return None
    folder = _cache() / "first"
    standin.write_reference(number, folder)
    with _lock_file() as lock:
        return _fill(folder, file, lock) if _try_lock(lock) else None


def until_full(filling: "subprocess.Popen[bytes]", seconds: float | None = None) -> int:
    """Wait for its end, and note that the cache is full; what was cut short is begun again.

    The exit code of mypy; subprocess.TimeoutExpired after so many seconds.
    """
    code = filling.wait(seconds)
    if code in (0, 1):
        _full().touch()
    return code


def _full() -> Path:
    return _cache() / "full"


def _fill(folder: Path, file: str, lock: int) -> "subprocess.Popen[bytes]":
    """Begin to run mypy; the lock is held for as long as its process is there."""
    run = subprocess.Popen(
        _command(file),
        cwd=folder,
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[lock],
    )
    os.setpriority(os.PRIO_PROCESS, run.pid, 10)
    return run


def _command(*files: str) -> list[str]:
    return [sys.executable, "-m", "mypy", *_OPTIONS, f"--cache-dir={_cache()}", *files]


def _environment() -> dict[str, str]:
    return os.environ | {"MYPYPATH": "."}


def _cache() -> Path:
    return Path(settings.read().type_cache or paths.state() / "mypy")


@contextlib.contextmanager
def _alone_with_the_cache() -> Iterator[None]:
    """Wait for whoever fills or uses the cache; who never ends is not waited for.

    Two runs at once mix the types of one answer with the text of another, and keep them: from then
    on a right answer was told that its attribute is Any.
    """
    with _lock_file() as lock:
        eventually_sync(lambda: _try_lock(lock), _TIMEOUT)
        yield


@contextlib.contextmanager
def _lock_file() -> Iterator[int]:
    """Open the file that is locked while the cache is in use; gives its descriptor."""
    _cache().mkdir(parents=True, exist_ok=True)
    lock = os.open(_cache() / "lock", os.O_RDWR | os.O_CREAT)
    try:
        yield lock
    finally:
        os.close(lock)


def _try_lock(lock: int) -> bool:
    """Take the lock if it is to be had now."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
