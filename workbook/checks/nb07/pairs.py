"""What an answer returns that takes something in once: the object, and whether it is new."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import exc

from workbook.checks.answer import show
from workbook.checks.messages import message
from workbook.checks.nb07.loads import no_row
from workbook.checks.verdict import NotYet

TURNED = "does True say that it is new, or that it was known?"
_NOTHING_STORED = "what does RETURNING give when nothing was stored?"


@contextmanager
def finding(call: str, noun: str) -> Iterator[None]:
    """NotYet where a statement was to give a row, and gave none."""
    try:
        yield
    except exc.NoResultFound as error:
        wanted = f"the {noun} as it is stored, and whether it is new"
        ask = f"which of your statements gives no row here; and {_NOTHING_STORED}"
        raise NotYet(call, got=f"it raised {message(error)}", wanted=wanted, ask=ask) from None


def is_a_pair(call: str, got: Any, kind: type, noun: str) -> None:
    """A tuple of two: an object of this kind that is stored, and whether it is new."""
    pair = isinstance(got, tuple) and len(got) == 2
    if pair:
        no_row(call, got[0], f"the {noun}")
    wanted, ask = f"the {noun} as it is stored, and whether it is new", ""
    if not pair or not isinstance(got[0], kind) or got[0].id is None:  # type: ignore[attr-defined]
        ask = _what_is_missing(got, kind, noun) if pair else _why_no_pair(got)
    elif not isinstance(got[1], int):
        wanted = f"the {noun}, and True or False"
        ask = "what does the second of the two say: yes or no, or which row?"
    if ask:
        raise NotYet(call, got=f"it returned {show(got)}", wanted=wanted, ask=ask)


def _why_no_pair(got: Any) -> str:
    if isinstance(got, list) and len(got) == 2:
        return "of which type is a pair, by the annotation: a list, or a tuple?"
    return "which two things are returned, together?"


def _what_is_missing(got: Any, kind: type, noun: str) -> str:
    if got[0] is None:
        return _NOTHING_STORED
    if isinstance(got[0], kind):
        return "which call sends the INSERT, and brings the id?"
    if isinstance(got[1], kind):
        return "in which order are the two returned?"
    return f"how do you come from that to the {noun} itself?"
