"""Where the INSERTs of an answer stood: in a savepoint of their own, in one for all, in none."""

from collections.abc import Sequence


def opened_by(sent: Sequence[str]) -> int:
    """How many savepoints were opened."""
    return sum(each.startswith("SAVEPOINT") for each in sent)


def question(sent: Sequence[str], other: str) -> str:
    """The question about the savepoints of an INSERT that failed, from what was sent so far.

    `other` is asked where each user had a savepoint.
    """
    opened = opened_by(sent)
    if not _last_was_inside(sent):
        return (
            "when is a user sent that was added before `begin_nested`: in its savepoint, or before?"
        )
    if opened < 2:
        return "how many users are undone when the one savepoint around all of them fails?"
    return other


def _last_was_inside(sent: Sequence[str]) -> bool:
    """Whether a savepoint was open when the last INSERT was sent."""
    depth, inside = 0, False
    for each in sent:
        depth += each.startswith("SAVEPOINT") - each.startswith(("RELEASE", "ROLLBACK TO"))
        inside = depth > 0 if each.startswith("INSERT") else inside
    return inside
