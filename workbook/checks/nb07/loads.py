"""What an answer loads, and whether it is an object or a row around one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Row, event

from workbook.checks.answer import show
from workbook.checks.verdict import NotYet


@contextmanager
def loads() -> Iterator[list[Any]]:
    """The users that are loaded meanwhile, from whichever query."""
    from app.models import User

    loaded: list[Any] = []
    listen = lambda user, _: loaded.append(user)  # noqa: E731
    event.listen(User, "load", listen)
    try:
        yield loaded
    finally:
        event.remove(User, "load", listen)


def no_row(call: str, got: Any, wanted: str) -> None:
    """NotYet for a row that holds an object, where the object itself was wanted."""
    if isinstance(got, Row):
        raise NotYet(
            call,
            got=f"it gave a Row, which holds what was selected: {show(got)}",
            wanted=f"{wanted}, not a row around it",
            ask="which call gives rows, and which gives the first value of each?",
        )
