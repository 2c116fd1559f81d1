"""Errors that a unit of work may raise, and the verdict where one does not come out."""

from workbook.checks.answer import Answer
from workbook.checks.verdict import NotYet


class PagerDown(Exception):
    """What goes wrong in the caller's unit of work."""


def error_swallowed(answer: Answer, call: str, *, row_kept: bool = False) -> NotYet:
    """The caller did not get the error."""
    ask = "who is told that the work has failed?"
    if answer.returns_in_finally():
        ask = "what becomes of an error on its way, when a `return` in `finally` ends the function?"
    elif row_kept:
        ask = "who is told that nobody was paged, and which line stores the row?"
    return NotYet(
        call,
        got=f"the error did not come out{', and the row is stored' if row_kept else ''}",
        wanted="the error itself, so that the caller knows",
        ask=ask,
    )
