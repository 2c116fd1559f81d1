"""Errors that a unit of work may raise, and the verdict where one does not come out."""

from workbook.checks.verdict import NotYet


class PagerDown(Exception):
    """What goes wrong in the caller's unit of work."""


def error_swallowed(call: str) -> NotYet:
    """The caller did not get the error."""
    return NotYet(
        call,
        got="the error did not come out",
        wanted="the error itself, so that the caller knows",
        ask="who is told that the work was thrown away?",
    )
