"""Which call of a check met an error that it had not expected: noted on the error itself."""

import contextlib
from collections.abc import Iterator

from workbook.checks.verdict import NotYet


class Call(str):
    """A call as a verdict tells it; no note that an answer has added itself."""

    __slots__ = ()


@contextlib.contextmanager
def calling(call: str) -> Iterator[None]:
    """Note on every error that leaves this block which call of the check it comes from."""
    try:
        yield
    except NotYet:
        raise
    except Exception as error:
        error.add_note(Call(call))
        raise


def noted(*errors: BaseException) -> str:
    """The call that one of these errors comes from; empty where no check has noted any."""
    notes = [note for error in errors for note in getattr(error, "__notes__", ())]
    return next((str(note) for note in notes if isinstance(note, Call)), "")
