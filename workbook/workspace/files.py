"""Writing files so that a crash leaves the old one or the new one, never half of one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from workbook.base import paths
from workbook.base.locks import Lock, held
from workbook.base.whole import put_in_place


def write(path: Path, content: bytes | str, mode: int = 0o644) -> None:
    """Put this content in place in one step, with its folders; an old file's mode stays."""
    data = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else mode
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as new:
        try:
            new.write(data)
            new.flush()
            os.fchmod(new.fileno(), mode)
            put_in_place(Path(new.name), path)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise


def read(path: Path) -> bytes | None:
    """What the file holds, or None where there is none."""
    return path.read_bytes() if path.is_file() else None


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold a lock of the workbook's state: two notebooks and a `wb` may write at once.

    TimeoutError after a minute in vain.
    """
    paths.state().mkdir(parents=True, exist_ok=True)
    with held(Lock(paths.state() / f"{name}.lock")):
        yield
