"""A list that a call was given: its caller goes on with it, as it was."""

from workbook.checks.answer import expect_state


def expect_as_it_was(call: str, lent: list[str], was: list[str]) -> None:
    """NotYet where the call has changed the list that it was given."""
    ask = "whose list is that, and what does its caller do with it afterwards?"
    expect_state(f"the list that was passed, after {call}", lent, was, ask)
