"""A server and a learner's folder that belong to nobody: for building and for testing."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from workbook import postgres
from workbook.base import paths, settings
from workbook.base import sockets as socket_folders
from workbook.base.waiting import eventually_sync

STEADY = {
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    "COLUMNS": "100",
    "WORKBOOK_KEEP_SECONDS": "5",
    "WORKBOOK_WARM": "no",
}
"""Settings under which two runs print the same, and nothing is prepared that may not be needed."""


@contextlib.contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Set these environment variables, and put back what was there."""
    saved = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(saved)


@contextlib.contextmanager
def server() -> Iterator[dict[str, str]]:
    """A Postgres of our own, stopped at the end: the environment by which a kernel finds it."""
    folder = Path(tempfile.mkdtemp(prefix="nightwatch-sandbox-"))
    folder.chmod(0o755)  # the server's account must be able to enter when we are root
    values = STEADY | {
        "WORKBOOK_TYPE_CACHE": str(paths.ROOT / ".mypy_cache" / "answers"),
        "WORKBOOK_POSTGRES": settings.read().postgres or "embedded",
        "WORKBOOK_CLUSTER": str(folder / "cluster"),
        "WORKBOOK_WORK": str(folder),
    }
    try:
        with environment(values):
            running = postgres.attach()
            try:
                yield values
            finally:
                if running.owned:
                    running.stop()
                postgres.release()
    finally:
        _remove(folder)


@contextlib.contextmanager
def work() -> Iterator[dict[str, str]]:
    """An empty learner's folder: the environment by which a kernel finds it."""
    folder = Path(tempfile.mkdtemp(prefix="nightwatch-work-"))
    folder.chmod(0o755)
    try:
        yield {"WORKBOOK_WORK": str(folder)}
    finally:
        _remove(folder)


@contextlib.contextmanager
def sockets() -> Iterator[dict[str, str]]:
    """Unix sockets for one kernel, as arguments of a KernelManager.

    Two kernels that start at the same moment may choose the same TCP ports; these cannot collide.
    """
    folder = tempfile.mkdtemp(prefix="nk-", dir=socket_folders.home())
    try:
        place = f"{folder}/k"
        yield {"transport": "ipc", "ip": place, "connection_file": f"{place}.json"}
    finally:
        _remove(Path(folder))


def _remove(folder: Path) -> None:
    """Remove a folder; a process that is on its way out may still write for a moment."""

    def is_gone() -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        return not folder.exists()

    eventually_sync(is_gone, timeout=2, interval=0.1)
