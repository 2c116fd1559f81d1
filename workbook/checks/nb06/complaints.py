"""What Python has complained about while an answer ran, as far as it is about a session."""

from typing import Any

from workbook.checks.answer import Answer, expect_state

WHO_COMMITS = "who commits, and when?"
"""The question where a row is missing."""


def nothing_lent(
    answer: Answer, engine: Any, what: str, ask: str = "what closes the session then?"
) -> None:
    """The pool has every connection, and not because Python found it among the rubbish.

    `what` is the call, or the calls, after which this is looked at.
    """
    found = sum("non-checked-in" in str(each.message) for each in answer.complaints)
    left = engine.pool.checkedout() + found
    called = f"{what}: the connections that are still lent"
    expect_state(called, left, 0, ask)
