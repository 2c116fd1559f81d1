"""Making a folder so that others see all of it or nothing."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A new folder beside `target`, to be filled, which becomes `target` when the block has ended.

    Where the block fails it is removed. OSError where the folder above takes none, or where
    somebody else has made `target` meanwhile.
    """
    beside = Path(tempfile.mkdtemp(dir=target.parent, prefix=_prefix(target)))
    try:
        yield beside
        beside.rename(target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def remove_half_made(target: Path) -> None:
    """Remove what was left by processes that were killed while they made `target`.

    Only for whoever holds the lock under which it is made: nobody else is at work then.
    """
    for left in target.parent.glob(f"{_prefix(target)}*"):
        shutil.rmtree(left, ignore_errors=True)


def _prefix(target: Path) -> str:
    return f".{target.name}.new-"
