"""File locks that the operating system releases, however their holder dies."""

import fcntl
import os
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbook.postgres.problem import PostgresProblem

_open: "weakref.WeakSet[Lock]" = weakref.WeakSet()


class Lock:
    """A lock on a file: shared by many holders, or exclusive to one."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        self.create = create
        self.fd: int | None = None
        _open.add(self)

    def try_take(self, *, shared: bool = False) -> bool:
        """Take the lock if it is to be had now."""
        if self.fd is None:
            self.fd = _opened(self.path, self.create)
        try:
            fcntl.flock(self.fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            self.free()
            return False
        except OSError as error:
            self.free()
            raise PostgresProblem(
                f"Files in {self.path.parent} cannot be locked ({error.strerror}). "
                "Set WORKBOOK_CLUSTER to a folder on a local disk."
            ) from None
        return True

    def take(self, *, shared: bool = False, seconds: float = 60.0) -> bool:
        """Wait for the lock, at most so many seconds."""
        deadline = time.monotonic() + seconds
        while not self.try_take(shared=shared):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def free(self) -> None:
        """Give the lock up, if we have it."""
        if self.fd is not None:
            fd, self.fd = self.fd, None
            fcntl.flock(fd, fcntl.LOCK_UN)
            os.close(fd)

    def forget(self) -> None:
        """Close our copy of the file and leave the lock to the process we were forked from."""
        if self.fd is not None:
            fd, self.fd = self.fd, None
            os.close(fd)


def _opened(path: Path, create: bool) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0), 0o600)
    except OSError as error:
        raise PostgresProblem(
            f"The workbook cannot write {path} ({error.strerror}). Make its folder writable, "
            "or set WORKBOOK_CLUSTER to a folder of your own."
        ) from None


@contextmanager
def exclusively(path: Path, *, seconds: float = 90.0) -> Iterator[None]:
    """Hold the lock on a file for the length of a block; raises PostgresProblem after `seconds`."""
    lock = Lock(path)
    if not lock.take(seconds=seconds):
        raise PostgresProblem(
            f"Another process has been starting or stopping this server for {seconds:.0f} seconds. "
            "Close other notebooks of this checkout and try again."
        )
    try:
        yield
    finally:
        lock.free()


def _forget_all() -> None:
    for lock in list(_open):
        lock.forget()


os.register_at_fork(after_in_child=_forget_all)
