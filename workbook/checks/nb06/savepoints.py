"""Where the INSERTs of an answer stood: in a savepoint of their own, in one for all, in none."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from workbook.checks.statements import statements

OPENED, ENDED = "savepoint", "end of a savepoint"
SENT_BEFORE = (
    "when is a user sent that was added before `begin_nested`: in its savepoint, or before?"
)


@contextlib.contextmanager
def traced(engine: AsyncEngine, session: AsyncSession) -> Iterator[list[str]]:
    """What is sent meanwhile, and where the session's savepoints are opened and ended.

    The SAVEPOINT itself is sent late: with the first statement within.
    """

    def note(what: str) -> Any:
        return lambda _, transaction: sent.append(what) if transaction.nested else None

    with statements(engine) as sent:
        listeners = {"after_transaction_create": note(OPENED), "after_transaction_end": note(ENDED)}
        for name, listener in listeners.items():
            event.listen(session.sync_session, name, listener)
        yield sent
        for name, listener in listeners.items():
            event.remove(session.sync_session, name, listener)


def question(sent: Sequence[str]) -> str:
    """The question about the savepoint of an INSERT that failed; empty where it had its own."""
    opened = opened_by(sent)
    if not opened:
        return "what happens to a transaction when one of its statements fails?"
    if not _last_was_inside(sent):
        return SENT_BEFORE
    if opened == 1:
        return "how many users are undone when the one savepoint around all of them fails?"
    return ""


def opened_by(sent: Sequence[str]) -> int:
    """How many savepoints were opened."""
    return sent.count(OPENED)


def _last_was_inside(sent: Sequence[str]) -> bool:
    """Whether a savepoint was open when the last INSERT was sent."""
    depth, inside = 0, False
    for each in sent:
        depth += (each == OPENED) - (each == ENDED)
        inside = depth > 0 if each.startswith("INSERT") else inside
    return inside
