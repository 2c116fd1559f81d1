"""An error of the answer's own, raised in the place of one that was to go on."""

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from workbook.checks.calling import calling
from workbook.checks.messages import message
from workbook.checks.places import learners_line
from workbook.checks.verdict import NotYet


@contextlib.contextmanager
def none_in_its_place(call: str, workspace: str) -> Iterator[None]:
    """NotYet where a `raise` of the learner's has made another error of it."""
    try:
        with calling(call):
            yield
    except SQLAlchemyError:
        raise
    except Exception as error:
        line = learners_line(error, workspace)
        if isinstance(error, NotYet) or "raise" not in line.split():
            raise
        raise NotYet(
            call,
            got=f"it raised {message(error)} ({line})",
            wanted="the error that came, for the caller",
            ask="which line of yours comes between that error and the caller?",
        ) from None
