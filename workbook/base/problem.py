"""Errors that are a sentence for the learner: what happened, and what to do next."""

import contextlib
import errno
from collections.abc import Iterator

DISK_FULL = "The disk is full. Make room (1 GB is enough), then do it again: nothing was lost."


class Problem(Exception):
    """A clear sentence; notebooks show it without a traceback, the command line exits with 1."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def disk_is_full(error: BaseException) -> bool:
    """Whether it says that no room is left."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


@contextlib.contextmanager
def full_disk_is_a_problem() -> Iterator[None]:
    """Say that no room is left in a sentence."""
    try:
        yield
    except OSError as error:
        if disk_is_full(error):
            raise Problem(DISK_FULL) from None
        raise
