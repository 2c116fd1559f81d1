"""Putting files and folders in place: others see all of it or nothing, also after a crash."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def put_in_place(new: Path, target: Path) -> None:
    """Give this file or folder its final name in one step; it is on the disk before that.

    Without it a power cut may leave the new name with nothing in it, on file systems that write
    names before contents. OSError where it cannot be written or renamed.
    """
    _flush(new)
    new.replace(target)
    _flush(target.parent)


_UNFLUSHABLE = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM)
"""What a disk says that flushes no folders or nothing, and a file that its owner may not read."""


@contextmanager
def whole_folder(target: Path, lasting: bool = False) -> Iterator[Path]:
    """A new folder beside `target`, to be filled, which becomes `target` when the block has ended.

    Where the block fails it is removed. With `lasting` its name is on the disk in the end; what
    can be made again does without. OSError where the folder above takes none, or where
    somebody else has made `target` meanwhile.
    """
    beside = Path(tempfile.mkdtemp(dir=target.parent, prefix=_prefix(target)))
    try:
        yield beside
        (put_in_place if lasting else Path.rename)(beside, target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def remove_half_made(target: Path) -> None:
    """Remove what was left by processes that were killed while they made `target`.

    Only for whoever holds the lock under which it is made: nobody else is at work then.
    """
    for left in target.parent.glob(f"{_prefix(target)}*"):
        shutil.rmtree(left, ignore_errors=True)


def _flush(path: Path) -> None:
    """Have what is written so far on the disk, and not in the system's memory only."""
    try:
        fd = os.open(path, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        if error.errno not in _UNFLUSHABLE:
            raise


def _prefix(target: Path) -> str:
    return f".{target.name}.new-"
