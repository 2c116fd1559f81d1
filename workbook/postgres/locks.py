"""The locks that lie beside a server's folder; what goes wrong with one is a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbook.base.locks import Lock
from workbook.postgres.problem import PostgresProblem


class ServerLock(Lock):
    """A lock that raises PostgresProblem where its file cannot be opened or locked."""

    def try_take(self, *, shared: bool = False) -> bool:
        """Take the lock if it is to be had now."""
        try:
            return super().try_take(shared=shared)
        except OSError as error:
            raise PostgresProblem(_explained(self.path, error)) from None


@contextmanager
def exclusively(path: Path, *, seconds: float = 90.0) -> Iterator[None]:
    """Hold the lock on a file for the length of a block; raises PostgresProblem after `seconds`."""
    lock = ServerLock(path)
    if not lock.take(seconds=seconds):
        raise PostgresProblem(
            f"Another process has been starting or stopping this server for {seconds:.0f} seconds. "
            "Close other notebooks of this checkout and try again."
        )
    try:
        yield
    finally:
        lock.free()


def _explained(path: Path, error: OSError) -> str:
    if error.filename is None:
        return (
            f"Files in {path.parent} cannot be locked ({error.strerror}). "
            "Set WORKBOOK_CLUSTER to a folder on a local disk."
        )
    return (
        f"The workbook cannot write {path} ({error.strerror}). Make its folder writable, "
        "or set WORKBOOK_CLUSTER to a folder of your own."
    )
