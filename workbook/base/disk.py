"""A disk without room: how it is known, and what is said of it."""

import contextlib
import errno
from collections.abc import Iterator

from workbook.base.causes import causes
from workbook.base.problem import Problem

FULL = "The disk is full. Make room (1 GB is enough), then do it again: nothing was lost."
SERVER_HAS_NO_ROOM = "53100"
"""PostgreSQL's code for it."""


def is_full(error: BaseException) -> bool:
    """Whether no room is left, here or where PostgreSQL keeps its data: it, or what caused it."""
    return any(map(_says_so, causes(error)))


@contextlib.contextmanager
def full_is_a_problem() -> Iterator[None]:
    """Say that no room is left in a sentence."""
    try:
        yield
    except Exception as error:
        if is_full(error):
            raise Problem(FULL) from None
        raise


def _says_so(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(error, "sqlstate", None) == SERVER_HAS_NO_ROOM
