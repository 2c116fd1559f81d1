"""File locks that the operating system releases, however their holder dies."""

import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbook.base.waiting import eventually_sync

_open: "weakref.WeakSet[Lock]" = weakref.WeakSet()


class Lock:
    """A lock on a file: shared by many holders, or exclusive to one.

    OSError where the file cannot be opened, which then names it, or cannot be locked.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        self.create = create
        self.fd: int | None = None
        _open.add(self)

    def try_take(self, *, shared: bool = False) -> bool:
        """Take the lock if it is to be had now."""
        if self.fd is None:
            new = os.O_CREAT if self.create else 0
            self.fd = os.open(self.path, os.O_RDWR | os.O_CLOEXEC | new, 0o600)
        try:
            fcntl.flock(self.fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            self.free()
            if isinstance(error, BlockingIOError):
                return False
            raise
        return True

    def take(self, *, shared: bool = False, seconds: float = 60.0) -> bool:
        """Wait for the lock, at most so many seconds; whether we have it."""
        return eventually_sync(lambda: self.try_take(shared=shared), seconds, 0.01)

    def is_taken(self) -> bool:
        """Whether anybody has it, shared or alone."""
        taken = not self.try_take()
        self.free()
        return taken

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


@contextmanager
def held(lock: Lock, *, seconds: float = 60.0) -> Iterator[None]:
    """Hold the lock, alone, for the length of a block; TimeoutError after `seconds` in vain."""
    if not lock.take(seconds=seconds):
        raise TimeoutError(
            f"Another process has been using {lock.path} for {seconds:.0f} seconds. "
            "Wait for its end, or end it, and try again."
        )
    try:
        yield
    finally:
        lock.free()


def _forget_all() -> None:
    for lock in list(_open):
        lock.forget()


os.register_at_fork(after_in_child=_forget_all)
